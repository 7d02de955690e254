/** A query for Logs Insights, over the function's log. */
export interface SavedQuery {
  /** What it is called in the console; unique. */
  name: string;
  text: string;
}

/**
 * Questions that operators ask of the log. Each webhook and each job is one line; docs/deploy.md describes its fields. Its
 * metrics are lines too, with some of the same fields, but neither `level` nor `message`.
 *
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export const savedQueries: readonly SavedQuery[] = [
  {
    name: 'History of one contact',
    text: `# Put the contact's id here. Lines that name no user may hold its digest: usher logs --contact finds both.
filter contact_id = "1"
| fields @timestamp, message, action, result, error_code, deferred_by, warnings.0, attempt, user_id, job_id, request_id
| sort @timestamp asc`,
  },
  {
    name: 'History of one user',
    text: `filter user_id = "00000000-0000-4000-8000-000000000000"
| fields @timestamp, message, connection, contact_id, action, result, error_code, warnings.0, request_id
| sort @timestamp asc`,
  },
  {
    name: 'One request, from the webhook to its last job',
    text: `# The request_id of an error answer, or of any line.
filter request_id = "id"
| fields @timestamp, message, connection, contact_id, action, result, status, error_code, deferred_by, attempt, ms.total
| sort @timestamp asc`,
  },
  {
    name: 'Errors',
    text: `filter level = "ERROR"
| fields @timestamp, message, connection, error_code, error.name, error.code, error.frames.0, error.cause.name, request_id
| sort @timestamp desc
| limit 100`,
  },
  {
    name: 'Failures by code',
    text: `filter ispresent(error_code)
| stats count(*) as lines, count_distinct(contact_id) as contacts, max(@timestamp) as last by connection, message, error_code
| sort lines desc`,
  },
  {
    name: 'Webhooks that went to the queue, by reason',
    text: `# Without deferred_by the sender asked for it: async=true, or a batch.
filter message = "webhook" and result = "queued"
| stats count(*) as webhooks by bin(1h), connection, deferred_by`,
  },
  {
    name: 'Jobs that were tried often',
    text: `filter message = "job" and attempt >= 3
| fields @timestamp, connection, contact_id, action, attempt, error_code, error.cause.name, job_id
| sort attempt desc, @timestamp desc
| limit 100`,
  },
  {
    name: 'Slow CRM calls',
    text: `filter ms.crm >= 1000
| fields @timestamp, connection, contact_id, action, ms.crm, crm_calls, ms.total, result, deferred_by
| sort ms.crm desc
| limit 100`,
  },
  {
    name: 'Time of webhooks, by step',
    text: `filter message = "webhook"
| stats count(*) as webhooks, pct(ms.total, 50) as total_p50, pct(ms.total, 99) as total_p99, pct(ms.key, 99) as key_p99, pct(ms.store, 99) as store_p99, pct(ms.crm, 50) as crm_p50, pct(ms.crm, 99) as crm_p99, pct(ms.queue, 99) as queue_p99 by action`,
  },
  {
    name: 'Warnings',
    text: `filter ispresent(warnings.0)
| stats count(*) as lines, count_distinct(contact_id) as contacts, latest(contact_id) as example by connection, warnings.0
| sort lines desc`,
  },
  {
    name: 'Share of unchanged users',
    text: `filter ispresent(level) and result in ["created", "updated", "unchanged"]
| fields strcontains(result, "unchanged") as is_unchanged
| stats count(*) as applied, avg(is_unchanged) * 100 as unchanged_percent by connection, action`,
  },
  {
    name: 'Contacts with the most webhooks',
    text: `filter message = "webhook" and ispresent(contact_id)
| stats count(*) as webhooks, count_distinct(result) as results by connection, contact_id
| sort webhooks desc
| limit 50`,
  },
  {
    name: 'New users by day',
    text: `filter ispresent(level) and result = "created"
| stats count(*) as users by bin(1d), connection`,
  },
  {
    name: 'Wrong access keys by hour',
    text: `filter error_code = "invalid_access_key"
| stats count(*) as webhooks by bin(1h)`,
  },
  {
    name: 'Cold starts, memory and cost of the function',
    text: `filter type = "platform.report"
| stats count(*) as invocations, count(record.metrics.initDurationMs) as cold_starts, pct(record.metrics.initDurationMs, 50) as init_p50, max(record.metrics.maxMemoryUsedMB) as most_memory_mb, sum(record.metrics.billedDurationMs) / 1000 as billed_seconds`,
  },
];
