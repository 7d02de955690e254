/** Zod only says that a key is invalid; this says what it has to be. */
export const keysMust = (rule: string) => ({
  error: ({ code }: { code?: string }) => (code === 'invalid_key' ? `the name must ${rule}` : undefined),
});
