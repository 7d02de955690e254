import { errorAnswers, exampleUser, goodAnswer } from './openapi-answers.ts';
import { componentSchemas, refTo } from './openapi-schemas.ts';

const about = `For your site's own servers, never for browsers: whoever has the key reads every user. There is no CORS, on purpose.

Every answer is JSON. An error has a \`code\` that stays as it is and a \`message\` for people; a path that is none of these answers 404 \`not_found\`, a method that is none 405 \`method_not_allowed\`. \`HEAD\` is a \`GET\` without its body. Bodies are UTF-8, 16 KB at most.`;

const query = (name: string, description: string) => ({
  name,
  in: 'query',
  description,
  schema: { type: 'string' },
});

const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The ETag of the answer that you have',
  schema: { type: 'string' },
};

const login = {
  operationId: 'login',
  summary: 'Who somebody is, by login and password',
  description:
    'A wrong login, a wrong password and a user without a password are answered the same. Of one login 10 tries may fail from one address (of IPv6: from a /64) in 15 minutes, and 100 from anywhere in an hour; from one address 100 of all logins in 15 minutes. Each span begins with its first try; a success gives its try back, and setting a password forgets those of the user.',
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: refTo('Login'),
        examples: {
          request: { value: { login: 'ada@example.com', password: 'a few words in a row', ip: '192.0.2.7' } },
        },
      },
    },
  },
  responses: {
    ...goodAnswer('The user.', refTo('OneUser'), { user: exampleUser }, { isTagged: false }),
    ...errorAnswers([
      'invalid_parameter',
      'malformed_body',
      'invalid_login',
      'payload_too_large',
      'too_many_tries',
    ]),
  },
};

const users = {
  operationId: 'listUsers',
  summary: 'Users by address, or by tag',
  description:
    'Exactly one of `email` and `tag`. By address: one user or none. By tag: 50 at a time; a page may hold fewer and still have a `cursor`.',
  parameters: [
    query('email', 'An address, in any case'),
    query('tag', 'A tag, as the CRM has it'),
    query('cursor', 'With `tag`: what the page before has given'),
    ifNoneMatch,
  ],
  responses: {
    ...goodAnswer('Users.', refTo('Users'), { users: [exampleUser] }, { isTagged: true }),
    ...errorAnswers(['invalid_parameter'], 'email or tag'),
  },
};

const oneUser = {
  operationId: 'getUser',
  summary: 'One user',
  description:
    'For sessions that want to know whether the user has a tag still, and when the password was set.',
  parameters: [
    { name: 'id', in: 'path', required: true, description: "The user's id", schema: { type: 'string' } },
    ifNoneMatch,
  ],
  responses: {
    ...goodAnswer('The user.', refTo('OneUser'), { user: exampleUser }, { isTagged: true }),
    ...errorAnswers(['user_not_found']),
  },
};

/** The site API as an OpenAPI document. */
export function openApi() {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Usher: the site API',
      version: '1',
      description: about,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: 'https://{host}',
        variables: {
          host: { default: 'usher.example.com', description: "Your stage's host: output WebhookUrl" },
        },
      },
    ],
    security: [{ siteKey: [] }],
    paths: {
      '/v1/login': { post: login },
      '/v1/users': { get: users },
      '/v1/users/{id}': { get: oneUser },
    },
    components: {
      securitySchemes: {
        siteKey: {
          type: 'http',
          scheme: 'bearer',
          description: 'The site key: usher site-key list --show-key',
        },
      },
      schemas: componentSchemas(),
    },
  };
}

/** `docs/openapi.json`. */
export const openApiText = (): string => `${JSON.stringify(openApi(), undefined, 2)}\n`;
