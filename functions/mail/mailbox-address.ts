/** The address of `Name <address>`, or of a bare address. */
export function mailboxAddress(mailbox: string): string {
  const [, bracketed] = /^[^<>\r\n]*<([^<>\r\n]+)>$/.exec(mailbox) ?? [];
  return (bracketed ?? mailbox).trim();
}
