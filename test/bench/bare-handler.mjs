/** What the cold start is compared with: a function that does nothing. */
export const handler = () => Promise.resolve({ statusCode: 405 });
