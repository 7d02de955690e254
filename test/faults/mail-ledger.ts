export type MailEffect = 'welcome_mail' | 'moved_mail';

/** A mail that the function gave to SES, and what became of the note that it is sent. */
export interface GivenMail {
  readonly effect: MailEffect;
  readonly userId: string;
  /** Since when the effect is to be done: with user and effect it names what the mail was sent for. */
  readonly since: string;
  /** Faults that its invocation had met before. */
  readonly faultsBefore: number;
  /** Whether the table says that it is sent. It may come to say so after the invocation has ended. */
  isMarked: boolean;
  /** Whether a fault, or the invocation's end, came after it. */
  metFault: boolean;
}

/** The mails of a run, by the serial number that the machine puts into each: its text tells no two of a kind apart. */
export type MailLedger = Map<string, GivenMail>;

/** Whether a fault kept a mail from being marked as sent: then there is one more. */
export const isInjected = ({ isMarked, metFault }: GivenMail) => metFault && !isMarked;
