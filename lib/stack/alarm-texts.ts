/** What each alarm says: what happened, and what to do. docs/deploy.md has the longer version. */
export function alarmTexts(stage: string) {
  const usher = (command: string) => `npx usher ${command} --stage ${stage}`;
  return {
    handlerErrors: `The function crashed, ran out of time or logged an error of its own. Look at the saved query "Errors"; "${usher('doctor')}" finds unreadable secrets. Webhooks that got no answer are in the CRM's history of the automation.`,
    apiServerErrors: `Senders were answered 5xx, and few of them repeat a webhook. Find the requests with the saved query "Failures by code"; if there are none, the function was throttled or timed out. Then run the automation again for these contacts.`,
    deadLetters: `Jobs have failed twenty times by themselves, or are 36 hours old, and rest in the dead-letter queue for 14 days. See why with "${usher('dlq list')}", mend it, then "${usher('dlq replay')}".`,
    oldestJob: `A job has waited for an hour: more come than are worked on, or the function does not get any. "${usher('doctor')}" tells how many wait. Raise maximumConcurrency if the CRM allows more calls; look at the function's trigger in the console. Nothing is lost for now.`,
    retriedJob: `A job that is an hour old or older has failed once more: the CRM, SES or this account does not let it through. The saved query "Jobs that were tried often" names the reason; "${usher('doctor')}" checks CRM and mail. Nothing is lost for now.`,
    lambdaThrottles: `Lambda refused invocations: the limit of concurrent executions is reached, of the stage (reservedConcurrency) or of the account. Raise it, or lower maximumConcurrency so that jobs leave more to webhooks.`,
    apiThrottles: `API Gateway answered 429 to webhooks, and few senders repeat them. Raise throttle.rate and throttle.burst in usher.config.ts and deploy, or slow the automation down. Then run it again for these contacts.`,
    badKeys: (count: number) =>
      `${count} requests or more in five minutes had no valid access key. Most often an automation still sends a revoked key: "${usher('urls --show-key')}" shows the right URLs, the saved query "Wrong access keys by hour" when it began. Otherwise somebody guesses: keys are too long for that and a guess reads no data, but it costs; lower throttle.rate until it is over. If a key may be known to others: "${usher('keys rotate <connection>')}".`,
    mailBounces: `More than 5 % of this account's mails bounce; SES puts the account under review, and pauses it at 10 %. Stop the automation that sends to old addresses. The topic MailEvents tells which ones bounced.`,
    mailComplaints: `More than 0.1 % of this account's mails are marked as spam; SES puts the account under review, and pauses it at 0.5 %. Ask for the welcome mail only for people who expect it.`,
    credentialsRejected: (connection: string) =>
      `The CRM of ${connection} refuses the API token, or none is stored. Store a new one with "${usher(`connect ${connection}`)}". Its jobs wait for 36 hours and go on by themselves within a quarter of an hour; those that waited longer are dead letters, see "${usher('dlq replay')}". If the token is valid, it has lost the permission to read contacts (log line with crm_access: incomplete): give it back in the CRM.`,
    crmFailing: (connection: string) =>
      `The CRM of ${connection} does not answer, limits our calls, or answers in an unknown shape, for more than a fifth of all webhooks. Look at its status page and at the saved query "Failures by code". "${usher('doctor')}" says how fast it is called now and how many jobs wait. They are tried again for 36 hours.`,
    quiet: (hours: number) =>
      `No webhook with a valid key came for ${hours} hour(s). Look at the automations in the CRM: were they switched off, or was the URL changed? "${usher('urls --show-key')}" shows the right ones.`,
  };
}
