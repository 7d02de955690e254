/** The contacts of a user that gets one, loses that of a connection, or both. */
export function contactsAfter(
  contacts: Readonly<Record<string, string>>,
  linked: { connection: string; contactId: string } | undefined,
  unlinked: string | undefined,
): Record<string, string> {
  const kept = Object.entries(contacts).filter(([connection]) => connection !== unlinked);
  return { ...Object.fromEntries(kept), ...(linked ? { [linked.connection]: linked.contactId } : {}) };
}
