import { describe, expect, it } from '@jest/globals';
import { readCrmUrls, readEnvironment } from '../../../functions/runtime/environment.ts';

const right = {
  USHER_TABLE: 'table',
  USHER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/jobs.fifo',
  USHER_DEAD_LETTER_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/jobs-dead.fifo',
  USHER_SECRETS: '{"encharge":"usher/encharge"}',
};

describe('the environment', () => {
  it('is read, with its defaults', () => {
    expect(readEnvironment({ ...right, PATH: '/bin' })).toEqual({
      USHER_TABLE: 'table',
      USHER_QUEUE_URL: right.USHER_QUEUE_URL,
      USHER_DEAD_LETTER_URL: right.USHER_DEAD_LETTER_URL,
      USHER_SECRETS: { encharge: 'usher/encharge' },
      USHER_METRICS_NAMESPACE: 'Usher',
      USHER_CRM_URLS: {},
    });
  });

  it.each([
    'https://sandbox.example.com/v1/',
    'http://127.0.0.1:8080/v1/',
    'http://localhost/',
    'http://[::1]:1/',
  ])('may send a connection to %s', (url) => {
    const { USHER_CRM_URLS } = readEnvironment({
      ...right,
      USHER_CRM_URLS: JSON.stringify({ encharge: url }),
    });
    expect(USHER_CRM_URLS).toEqual({ encharge: url });
  });

  it.each([
    'http://sandbox.example.com/',
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
    'http://10.0.0.1/',
    'http://0.0.0.0:1/',
    'http://127.0.0.1@evil.example.com/',
    'http://127.0.0.1:80@evil.example.com/',
    'http://evil.example.com#@127.0.0.1/',
    'http://evil.example.com\\@127.0.0.1/',
    'http://[::ffff:7f00:1].evil.example.com/',
    'http://localhost@evil.example.com/',
    'http:evil.example.com',
    'ws://127.0.0.1/',
    'javascript:alert(1)//127.0.0.1',
    'ftp://127.0.0.1/',
    'file:///etc/passwd',
    'nonsense',
  ])('may not send a connection to %s', (url) => {
    expect(() => readEnvironment({ ...right, USHER_CRM_URLS: JSON.stringify({ encharge: url }) })).toThrow(
      /^The function's environment is wrong: USHER_CRM_URLS\.encharge: /,
    );
  });

  it('says everything that is wrong, and no value of it', () => {
    const wrong = {
      USHER_TABLE: '',
      USHER_QUEUE_URL: 'secret-queue',
      USHER_DEAD_LETTER_URL: 'secret-dead-letters',
      USHER_SECRETS: '{"encharge": secret-secret',
      USHER_CRM_URLS: '{"encharge":"http://secret.example.com"}',
      USHER_METRICS_NAMESPACE: '',
    };
    const problem = messageOf(() => readEnvironment(wrong));
    for (const name of Object.keys(wrong)) expect(problem).toContain(name);
    expect(problem).toContain('USHER_SECRETS: must be JSON');
    expect(problem).not.toContain('secret-');
    expect(problem).not.toContain('secret.example');
  });

  it.each(Object.keys(right))('needs %s', (name) => {
    expect(() => readEnvironment({ ...right, [name]: undefined })).toThrow(name);
  });

  it.each(['[]', '{"encharge":""}', '{"encharge":1}', 'null'])(
    'has no use for secrets such as %s',
    (json) => {
      expect(() => readEnvironment({ ...right, USHER_SECRETS: json })).toThrow('USHER_SECRETS');
    },
  );
});

describe('the base URLs alone', () => {
  it.each([
    [undefined, {}],
    ['{}', {}],
    ['{"encharge":"http://127.0.0.1:1/v1/"}', { encharge: 'http://127.0.0.1:1/v1/' }],
  ])('%s', (variable, urls) => {
    expect(readCrmUrls(variable)).toEqual(urls);
  });

  it.each(['', 'secret', '[]', '{"encharge":"http://secret.example.com"}'])('not %j', (variable) => {
    const problem = messageOf(() => readCrmUrls(variable));
    expect(problem).toMatch(/^Error: USHER_CRM_URLS must be JSON/);
    expect(problem).not.toContain('secret');
  });
});

function messageOf(run: () => unknown): string {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return String(error);
  }
}
