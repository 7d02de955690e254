// Auth0: the script "Get User" of a custom database. USHER_URL and USHER_SITE_KEY are settings of the connection.
// https://auth0.com/docs/authenticate/database-connections/custom-db/templates/get-user
async function getByEmail(email, callback) {
  let answer;
  try {
    const query = new URLSearchParams({ email });
    const response = await fetch(`${configuration.USHER_URL.replace(/\/$/, '')}/v1/users?${query}`, {
      headers: { authorization: `Bearer ${configuration.USHER_SITE_KEY}` },
      signal: AbortSignal.timeout(5000),
    });
    answer = await response.json();
  } catch {
    return callback(new Error('Usher does not answer.'));
  }
  if (!answer.users) return callback(new Error(`Usher answers ${answer.error?.code}.`));
  const [user] = answer.users;
  // Nobody there is no error.
  if (!user) return callback(null);
  callback(null, {
    user_id: user.id,
    email: user.email,
    username: user.login,
    app_metadata: { tags: user.tags },
  });
}
