import type { PaceReport } from '../../../functions/pace/pace-report.ts';

const because: Record<PaceReport['reason'], string> = {
  crm_credentials_rejected: 'the CRM rejects the API token, which is tried once a minute',
  crm_access_incomplete: 'the CRM accepts the API token and refuses one contact after the other',
  crm_rate_limited: 'the CRM limits our calls',
  crm_unavailable: 'the CRM does not answer as it should',
};

/** A slow connection in a sentence for a terminal; undefined while all is well. */
export function paceLine(report: PaceReport | undefined): string | undefined {
  if (!report) return undefined;
  const { reason, since, calls_per_second: rate, waiting, last_due: due } = report;
  const parts = [
    `since ${since} ${because[reason]}`,
    rate !== undefined && `now ${rate} calls a second`,
    `${waiting} wait`,
    due !== undefined && `the last is due at ${due}`,
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}
