import { describe, expect, it } from '@jest/globals';
import { type HttpRequestParts, toHttpEvent } from '../../../lib/dev/http-event.ts';

function request(parts: Partial<HttpRequestParts> = {}): HttpRequestParts {
  return {
    method: 'POST',
    target: '/',
    httpVersion: '1.1',
    rawHeaders: ['Host', 'localhost:3000'],
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
    requestId: 'JKJaXmPLvHcESHA=',
    receivedAt: new Date('2020-03-12T19:03:58.390Z'),
    ...parts,
  };
}

const typed = (contentType: string | undefined) =>
  contentType === undefined ? [] : ['Content-Type', contentType];

describe('toHttpEvent', () => {
  it('is the event API Gateway sends', () => {
    const event = toHttpEvent(
      request({
        target: '/?wpf_action=add&contact_id=a%20b',
        rawHeaders: [
          'Host',
          'hooks.example.com:3000',
          'User-Agent',
          'agent',
          'Content-Type',
          'application/json',
          'Connection',
          'keep-alive',
          'Cookie',
          'a=1; b=2',
        ],
        body: Buffer.from('{"id":"ż"}'),
      }),
    );

    expect(event).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/',
      rawQueryString: 'wpf_action=add&contact_id=a%20b',
      cookies: ['a=1', 'b=2'],
      headers: {
        host: 'hooks.example.com:3000',
        'user-agent': 'agent',
        'content-type': 'application/json',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: { wpf_action: 'add', contact_id: 'a b' },
      requestContext: {
        accountId: '000000000000',
        apiId: 'local',
        domainName: 'hooks.example.com',
        domainPrefix: 'hooks',
        http: { method: 'POST', path: '/', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'agent' },
        requestId: 'JKJaXmPLvHcESHA=',
        routeKey: '$default',
        stage: '$default',
        time: '12/Mar/2020:19:03:58 +0000',
        timeEpoch: 1584039838390,
      },
      body: '{"id":"ż"}',
      isBase64Encoded: false,
    });
  });

  it('leaves out what is not there', () => {
    const event = toHttpEvent(request({ method: 'GET', rawHeaders: [] }));
    expect(event).not.toHaveProperty('body');
    expect(event).not.toHaveProperty('cookies');
    expect(event).not.toHaveProperty('queryStringParameters');
    expect(event.isBase64Encoded).toBe(false);
    expect(event.requestContext.http.userAgent).toBe('');
  });

  it.each([
    { contentType: 'application/json', isBase64Encoded: false },
    { contentType: 'Application/JSON; charset=utf-8', isBase64Encoded: false },
    { contentType: 'application/problem+json', isBase64Encoded: false },
    { contentType: 'application/xml', isBase64Encoded: false },
    { contentType: 'application/javascript', isBase64Encoded: false },
    { contentType: 'text/plain', isBase64Encoded: false },
    { contentType: 'text/html ; charset=utf-8', isBase64Encoded: false },
    { contentType: 'application/x-www-form-urlencoded', isBase64Encoded: true },
    { contentType: 'multipart/form-data; boundary=x', isBase64Encoded: true },
    { contentType: 'application/jsonp', isBase64Encoded: true },
    { contentType: 'application/octet-stream', isBase64Encoded: true },
    { contentType: '', isBase64Encoded: true },
    { contentType: undefined, isBase64Encoded: true },
  ])('gives a body of type $contentType as base64: $isBase64Encoded', ({ contentType, isBase64Encoded }) => {
    const event = toHttpEvent(request({ rawHeaders: typed(contentType), body: Buffer.from('a=ż') }));
    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(event.body).toBe(isBase64Encoded ? 'YT3FvA==' : 'a=ż');
  });

  it('gives what is compressed as base64, whatever its type', () => {
    const rawHeaders = ['content-type', 'application/json', 'content-encoding', 'gzip'];
    expect(toHttpEvent(request({ rawHeaders, body: Buffer.of(0x1f, 0x8b) }))).toMatchObject({
      isBase64Encoded: true,
      body: 'H4s=',
    });
  });

  it.each([
    { query: 'a=1&b=2&a=3', parameters: { a: '1,3', b: '2' } },
    { query: 'a', parameters: { a: '' } },
    { query: 'a=&a=x', parameters: { a: ',x' } },
    { query: 'a=1%2B1+2', parameters: { a: '1+1 2' } },
    { query: 'a=%', parameters: { a: '%' } },
    { query: 'a=b=c', parameters: { a: 'b=c' } },
    { query: 'a=1?b', parameters: { a: '1?b' } },
    { query: '__proto__=x', parameters: JSON.parse('{"__proto__":"x"}') as object },
  ])('reads the query $query', ({ query, parameters }) => {
    const event = toHttpEvent(request({ target: `/?${query}` }));
    expect(event.rawQueryString).toBe(query);
    expect(event.queryStringParameters).toEqual(parameters);
  });

  it.each([
    { target: '/a%20b/%C5%BC', path: '/a b/ż' },
    { target: '/%E0%A4%A', path: '/%E0%A4%A' },
    { target: '/a?', path: '/a' },
  ])('has the path of $target decoded', ({ target, path }) => {
    const event = toHttpEvent(request({ target }));
    expect(event.rawPath).toBe(path);
    expect(event.requestContext.http.path).toBe(path);
    expect(event).not.toHaveProperty('queryStringParameters');
  });

  it('joins headers that came twice, in lower case', () => {
    const rawHeaders = [
      'X-One',
      'a',
      'x-one',
      'b',
      'X-Forwarded-For',
      '192.0.2.1',
      'X-Forwarded-Proto',
      'https',
    ];
    expect(toHttpEvent(request({ rawHeaders })).headers).toEqual({
      'x-one': 'a,b',
      'x-forwarded-for': '192.0.2.1, 127.0.0.1',
      'x-forwarded-proto': 'https',
    });
  });
});
