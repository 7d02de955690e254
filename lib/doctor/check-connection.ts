import type { Connection } from '../../functions/config/config.ts';
import type { Credentials } from '../../functions/crm/connector.ts';
import type { CrmClient } from '../../functions/crm/crm-client.ts';
import { connectorOf } from '../../functions/crm/registry.ts';
import { UsherError } from '../../functions/errors.ts';
import { readPace } from '../../functions/pace/pace-item.ts';
import { type PaceReport, paceReport } from '../../functions/pace/pace-report.ts';
import { askCrm } from '../commands/support/crm-account.ts';
import { paceLine } from '../commands/support/pace-line.ts';
import { connectionOf, readSecret } from '../commands/support/stored-secret.ts';
import { CommandError } from '../commands/support/terminal.ts';
import { examine } from './examine.ts';
import type { Finding, Patient } from './finding.ts';
import { keysFinding } from './keys-finding.ts';

type Command = Patient['deployment']['command'];

/** Fields that somebody chose. A default one that an account lacks only means that its value never comes. */
function chosenFields({ crm, fields }: Connection): string[] {
  const { defaultFields } = connectorOf(crm);
  return Object.entries(fields)
    .filter(([key, { field }]) => key === 'user_email' || defaultFields[key]?.field !== field)
    .map(([, { field }]) => field);
}

/** Where the CRM lists its fields, one that is not there is a mistake. Elsewhere nobody may have a value of it yet. */
function lacking(
  { crm }: Connection,
  fields: readonly string[],
  mend: string,
): Pick<Finding, 'status' | 'message' | 'fix'> {
  const { title, hasSeenFields } = connectorOf(crm);
  const names = fields.join(', ');
  if (!hasSeenFields) {
    const fix = `${mend} in usher.config.ts and deploy.`;
    return { status: 'fail', message: `${title} has no field ${names}`, fix };
  }
  const fix = 'Nothing, if it is spelled as there: it comes up with the first contact that has a value.';
  return { status: 'warn', message: `${title} lists no fields, and few of its contacts have ${names}`, fix };
}

function mapping(connection: string, settings: Connection, known: ReadonlySet<string>): Finding[] {
  const chosen = chosenFields(settings);
  const missing = chosen.filter((field) => !known.has(field));
  const returned = settings.returnPassword?.field;
  const mapped: Finding =
    missing.length === 0
      ? { check: 'fields', connection, status: 'ok', message: `${chosen.length} mapped fields exist` }
      : {
          check: 'fields',
          connection,
          ...lacking(settings, missing, 'Create it there, or correct its name'),
        };
  if (returned === undefined) return [mapped];
  const password: Finding = known.has(returned)
    ? { check: 'password field', connection, status: 'ok', message: `${returned} exists` }
    : {
        check: 'password field',
        connection,
        ...lacking(settings, [returned], 'Create it there as a text field, or correct returnPassword'),
      };
  return [mapped, password];
}

const storeToken = (connection: string, command: Command) =>
  `Store a valid token: ${command(`connect ${connection}`)}`;

/** What is left to do after the CRM's refusal; most of its messages say it themselves. */
function remedy({ cause }: CommandError, connection: string, command: Command): { fix?: string } {
  const code = cause instanceof UsherError ? cause.code : undefined;
  if (code === 'crm_credentials_rejected') return { fix: storeToken(connection, command) };
  if (code === 'crm_unavailable') return { fix: "Look at the CRM's status page." };
  return {};
}

/** Runs one check against the CRM; what the CRM refuses is a finding. */
async function asked(
  check: string,
  connection: string,
  command: Command,
  ask: () => Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { message } = error;
    return [{ check, connection, status: 'fail', message, ...remedy(error, connection, command) }];
  }
}

async function account(
  connection: string,
  credentials: Credentials,
  { deployment }: Patient,
): Promise<Finding[]> {
  const settings = connectionOf(deployment, connection);
  const { command } = deployment;
  if (credentials.apiToken === '') {
    const fix = storeToken(connection, command);
    return [{ check: 'CRM', connection, status: 'fail', message: 'no API token is stored', fix }];
  }
  const ask = <Result>(work: (crm: CrmClient) => Promise<Result>) =>
    askCrm(deployment, connection, credentials, work);
  const access = await asked('CRM', connection, command, async () => {
    await ask((crm) => crm.testCredentials());
    const message = `${connectorOf(settings.crm).title} accepts the API token`;
    return [{ check: 'CRM', connection, status: 'ok', message }];
  });
  if (access.some(({ status }) => status === 'fail')) {
    return [...access, { check: 'fields', connection, status: 'skip', message: 'the CRM comes first' }];
  }
  const fields = await asked('fields', connection, command, async () =>
    mapping(connection, settings, await ask((crm) => crm.fieldNames())),
  );
  return [...access, ...fields];
}

const remedies: Record<PaceReport['reason'], (connection: string, command: Command) => string> = {
  crm_credentials_rejected: storeToken,
  crm_access_incomplete: () => 'Let the token read contacts, in the CRM.',
  crm_rate_limited: () => 'It goes on by itself, at the rate that the CRM allows.',
  crm_unavailable: (connection, command) =>
    `It goes on by itself when the CRM answers; look at its status page. ${command(`resume ${connection}`)} tries at once.`,
};

/** How fast the functions call the CRM right now. Nothing when all is well. */
async function pace(connection: string, { deployment: { users, command } }: Patient): Promise<Finding[]> {
  const report = paceReport(await readPace(users, connection), users.now().getTime());
  if (!report) return [];
  const message = paceLine(report) ?? '';
  const fix = remedies[report.reason](connection, command);
  return [{ check: 'pace', connection, status: 'warn', message, fix }];
}

/** A connection's secret, its keys, its CRM, and the fields that the configuration names there. */
export async function checkConnection(connection: string, patient: Patient): Promise<Finding[]> {
  const { deployment } = patient;
  const look = (check: string, work: () => Promise<Finding[]>) =>
    examine({ check, connection }, deployment.title, work);
  return [
    ...(await look('secret', async () => {
      const secret = await readSecret(deployment, connection);
      const { command } = deployment;
      const held = keysFinding({ check: 'keys', connection }, secret, {
        rotate: command(`keys rotate ${connection}`),
        revoke: command(`keys revoke ${connection}`),
      });
      return [held, ...(await look('CRM', () => account(connection, secret.credentials, patient)))];
    })),
    ...(await look('pace', () => pace(connection, patient))),
  ];
}
