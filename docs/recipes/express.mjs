// Express with express-session: log in, log out, and pages for people with a tag.
// USHER_URL (https://usher.example.com/), USHER_SITE_KEY and SESSION_SECRET come from the environment.
import express from 'express';
import session from 'express-session';

/** Asks Usher. An answer that decides nothing is thrown: nobody is let in or out by it. */
async function askUsher(path, body) {
  const response = await fetch(new URL(path, process.env.USHER_URL), {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${process.env.USHER_SITE_KEY}` },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(5000),
  });
  const answer = await response.json();
  const code = answer.error?.code;
  if (response.ok || ['invalid_login', 'too_many_tries', 'user_not_found'].includes(code)) {
    return { code, user: answer.user, retryAfter: response.headers.get('retry-after') };
  }
  throw new Error(`Usher answers ${response.status} ${code}`);
}

export const app = express();
// How many proxies stand before this server. Wrong, and everybody has the proxy's address.
app.set('trust proxy', Number(process.env.PROXIES ?? 0));
app.use(
  session({
    secret: process.env.SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    // Give it a `store` of your own, too: without one sessions end with the process.
    cookie: { sameSite: 'lax', secure: process.env.NODE_ENV === 'production' },
  }),
);

app.post('/login', express.urlencoded({ extended: false }), async (request, response) => {
  const { login = '', password = '' } = request.body ?? {};
  if (!login) return response.status(401).send('Username or password is wrong.');
  const { code, user, retryAfter } = await askUsher('v1/login', { login, password, ip: request.ip });
  if (code === 'too_many_tries') {
    return response.status(429).set('Retry-After', retryAfter).send('Too many tries. Wait a while.');
  }
  if (!user) return response.status(401).send('Username or password is wrong.');
  // A session of before the log-in may be known to others.
  await new Promise((done, fail) => request.session.regenerate((error) => (error ? fail(error) : done())));
  request.session.user = { id: user.id, passwordSetAt: user.password_set_at };
  response.redirect(303, '/');
});

app.post('/logout', (request, response) => request.session.destroy(() => response.redirect(303, '/')));

/** Lets in who is logged in, has set no other password since, and has the tag now. */
export const onlyWithTag = (tag) => async (request, response, next) => {
  const { id, passwordSetAt } = request.session.user ?? {};
  const { user } = id ? await askUsher(`v1/users/${id}`) : {};
  if (!user || user.password_set_at !== passwordSetAt) {
    return request.session.destroy(() => response.redirect(303, '/login'));
  }
  if (!user.tags.includes(tag)) return response.status(403).send('This is for others.');
  response.locals.user = user;
  next();
};

app.get('/course', onlyWithTag('customer'), (_request, response) => {
  response.type('text').send(`Hello ${response.locals.user.fields.first_name ?? response.locals.user.login}`);
});

// Of what is thrown people see nothing.
app.use((error, _request, response, _next) => {
  process.stderr.write(`${error.message}\n`);
  response.status(503).send('This does not work right now. Try again in a moment.');
});
