// Auth0: the script "Login" of a custom database. USHER_URL and USHER_SITE_KEY are settings of the connection.
// https://auth0.com/docs/authenticate/database-connections/custom-db/templates/login
async function login(userNameOrEmail, password, callback) {
  // Auth0 does not tell the person's address here, and counts tries of an address itself: so Usher counts those of the login, in a
  // made-up private network.
  const hex = require('node:crypto').createHash('sha256').update(userNameOrEmail.toLowerCase()).digest('hex');
  const ip = `fd${hex.slice(0, 2)}:${hex.slice(2, 6)}:${hex.slice(6, 10)}:${hex.slice(10, 14)}::1`;
  let answer;
  try {
    const response = await fetch(`${configuration.USHER_URL.replace(/\/$/, '')}/v1/login`, {
      method: 'POST',
      headers: { authorization: `Bearer ${configuration.USHER_SITE_KEY}` },
      body: JSON.stringify({ login: userNameOrEmail, password, ip }),
      signal: AbortSignal.timeout(5000),
    });
    answer = await response.json();
  } catch {
    return callback(new Error('Usher does not answer.'));
  }
  const { user, error } = answer;
  if (error?.code === 'invalid_login') return callback(new WrongUsernameOrPasswordError(userNameOrEmail));
  if (!user) return callback(new Error(`Usher answers ${error?.code}.`));
  callback(null, {
    user_id: user.id,
    email: user.email,
    email_verified: true,
    username: user.login,
    app_metadata: { tags: user.tags },
  });
}
