import type { ErrorCode } from '../../functions/errors.ts';

/** Why something was not done, and what to do about it: as the tables of docs/errors.md have it, word for word. */
export interface Reason {
  cause: string;
  next: string;
}

/** A code of an error, or of what the CRM has begun to do. */
type ReasonCode = ErrorCode | 'crm_access_incomplete';

/** By `error_code`, `deferred_by` or `crm_access`. A test compares them with the table of docs/errors.md. */
export const reasons: Readonly<Record<ReasonCode, Reason>> = {
  invalid_access_key: {
    cause: 'no key, a wrong or a revoked one',
    next: 'paste the URL again from `npx usher urls <connection> --show-key --stage <name>`; check that the CRM does not cut it',
  },
  unknown_action: {
    cause: '`wpf_action` is missing or misspelt',
    next: '`add`, `update`, `update_tags`, `delete` or `test`',
  },
  action_not_allowed: {
    cause: '`wpf_action=delete`, and the connection has no `deleteWhen`',
    next: 'name the tag in `usher.config.ts` with which the CRM confirms it, and deploy',
  },
  invalid_parameter: {
    cause:
      'a boolean that is none, an `email` that is none, an id longer than 256 characters or too long for a number',
    next: 'correct the URL; send long ids as text',
  },
  malformed_body: {
    cause:
      'the body starts like JSON and is not, is in UTF-16, in an unknown encoding, or not compressed or multipart as its headers say; the message says which',
    next: "correct the body in the CRM's webhook step",
  },
  contact_id_missing: {
    cause: 'neither body nor URL names a contact',
    next: 'the message says where this CRM puts it; or add `&contact_id=`',
  },
  template_not_filled: {
    cause:
      "the contact's id is still a placeholder of the CRM's, such as `{{ person.id }}`: its name is misspelt, or this step fills nothing in",
    next: "correct the name; the CRM's own test of the step shows what it sends",
  },
  not_found: {
    cause: 'not the path `/`',
    next: 'correct the URL',
  },
  method_not_allowed: {
    cause: 'not GET or POST',
    next: 'choose POST in the CRM',
  },
  payload_too_large: {
    cause: 'more than 256 KB, or a batch of more than 1,000',
    next: "send less; Usher needs only the contact's id",
  },
  user_not_found: {
    cause: '`update` or `update_tags` for a contact without a user',
    next: 'nothing, or use `add`',
  },
  contact_not_found: {
    cause:
      "the CRM has no such contact, or does not show it yet, or has none with the user's address where only `email` was given. It was looked for twice, a second apart, if there was time; the job looks 1, 3 and 6 minutes after the webhook for an `add` without a user, else once after 5 minutes, one of an import or a resync not again, then it ends as `refused`",
    next: 'nothing if the next look finds it; else check the id; a key of another account?',
  },
  email_missing: {
    cause: 'the contact has no usable address; the message names a character that makes it none, as `U+200B`',
    next: 'give it one in the CRM; an invisible character goes when the address is typed anew',
  },
  login_taken: {
    cause: "the CRM's username belongs to another user",
    next: 'change it in the CRM, or do not map `user_login`',
  },
  privileged_user: {
    cause: 'the address belongs to a user with a privileged role, which no contact gets by it',
    next: 'give the contact another address; link administrators by hand if at all',
  },
  email_in_use: {
    cause:
      "`add`: the address is still that of a user whose own contact lives, without an address to go to; or the connection has `linkByEmail: false`; the message has the user's id",
    next: 'give that contact its address back or a new one, or delete it in the CRM',
  },
  contact_too_large: {
    cause: "the contact's tags do not fit beside what is stored into the 400 KB of an item",
    next: 'remove tags in the CRM',
  },
  crm_credentials_rejected: {
    cause:
      'the CRM refuses the API token (401, 403), in a call too that needs nothing else; or none is stored',
    next: 'store a valid token: `npx usher connect <connection> --stage <name>`; the jobs wait and then run',
  },
  crm_contact_refused: {
    cause:
      'the CRM refuses this contact (401, 403) and accepts the token. Only this contact waits; given up after 8 refused tries of its job',
    next: 'look at the contact in the CRM: may the token read it? Then run the automation again, or `npx usher dlq replay`',
  },
  crm_access_incomplete: {
    cause: 'ten different contacts were refused in a row, none was read, and the token is accepted',
    next: 'give the token back the permission to read contacts, in the CRM',
  },
  crm_rate_limited: {
    cause: 'the CRM answered 429, or allows this call only later (`held_for` in the log: it was not called)',
    next: 'nothing; it is done when the CRM allows. `npx usher doctor` says how many wait and until when',
  },
  crm_unavailable: {
    cause: 'no answer in time, 5xx, a broken connection; or a call that waits after one (`held_for`)',
    next: "nothing; look at the CRM's status page if it goes on",
  },
  crm_answer_invalid: {
    cause:
      "HTML (a proxy's or a firewall's, whatever its status), truncated, not UTF-8 or of an unknown shape; nothing is changed by it",
    next: 'if it goes on: is `account` in `usher.config.ts` right? Else the CRM changed its API: correct the connector',
  },
  too_many_conflicts: {
    cause:
      'many webhooks changed this user at once; or the address is with a user whose contact has another one by now, which is not free either',
    next: 'nothing; the queue takes them one by one. If it comes back, look for contacts in the CRM that share an address',
  },
  aws_unavailable: {
    cause:
      'an AWS service refused or did not answer before the response budget was over, most of which the CRM or a cold start may have used up (`ms` in the log)',
    next: 'nothing if it passes; else check permissions and the AWS status page',
  },
  crm_write_refused: {
    cause: 'the CRM did not take the generated password',
    next: 'create the field of `returnPassword` in the CRM; let the API token write',
  },
  mail_refused: {
    cause: 'SES refused the mail',
    next: "verify sender and domain, leave the SES sandbox, look at the account's sending status",
  },
  user_not_created_yet: {
    cause: 'a job came before the write that it is for, or another process holds it',
    next: 'nothing',
  },
  effect_busy: {
    cause: 'a job came before the write that it is for, or another process holds it',
    next: 'nothing',
  },
  effect_not_due: {
    cause: 'a user was moved again within five minutes, or for the sixth time in a day: the mails wait',
    next: 'nothing',
  },
  unavailable: {
    cause:
      "the queue did not take the webhook, or not all of a batch ([below](#a-batch-half-stored)), or a secret with access keys cannot be read (log line `secret unreadable`, with connection and AWS's error; a function that has read it before goes on for an hour)",
    next: 'mend it: permissions, secret, AWS status page; then send it again: run the automation for these contacts',
  },
  internal_error: {
    cause: 'a bug in Usher',
    next: 'the log line has its place; please report it',
  },
};

/** What the `result` of a job means; a test compares it with docs/errors.md. */
export const jobResults: Readonly<Record<string, string>> = {
  waiting:
    'the CRM was not called: it limits us, fails, or rejects the token (`error_code`, `held_for`). It is no try',
  failed: 'it was tried, and will be again',
  given_up:
    '36 hours old, or failed 20 times by itself (8 for `crm_contact_refused`), or a message that is no job: it rests in the dead-letter queue for 14 days',
  refused: 'no further try would change anything: it is over, and in no queue',
};
