import * as z from 'zod';

export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });

/** What would make links of mails go wrong, each with its reason. */
function linkProblems(text: string): (string | false)[] {
  if (!URL.canParse(text)) return [];
  const { searchParams, username, password } = new URL(text);
  return [
    text.includes('#') && 'must not have a fragment (#…): the mail adds user and key to the query before it',
    (searchParams.has('user') || searchParams.has('key')) &&
      'must not have user or key in its query: the mail adds them',
    username + password !== '' && 'must not hold a username or a password',
  ];
}

/** A page that mails link to, with more in its query. */
export const pageUrl = httpUrl.superRefine((text, context) => {
  for (const message of linkProblems(text)) if (message) context.addIssue({ code: 'custom', message });
});
