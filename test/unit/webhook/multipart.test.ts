import { describe, expect, it } from '@jest/globals';
import { isMultipart, multipartFields } from '../../../functions/webhook/multipart.ts';

/** A body as senders write it. */
async function written(fields: Record<string, string | Blob>): Promise<[bytes: Buffer, type: string]> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const response = new Response(form);
  return [Buffer.from(await response.arrayBuffer()), response.headers.get('content-type') ?? ''];
}

const part = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

describe('multipart/form-data', () => {
  it('has text fields; files are none', async () => {
    const [bytes, type] = await written({ id: '1', role: 'Käufer ☕', file: new Blob(['{"id":"2"}']) });
    expect(isMultipart(bytes, type)).toBe(true);
    expect([...(await multipartFields(bytes))]).toEqual([
      ['id', '1'],
      ['role', 'Käufer ☕'],
    ]);
  });

  it.each([undefined, '', 'text/plain', 'multipart/form-data', 'multipart/form-data; boundary=wrong'])(
    'is known by its beginning, with the content type %j',
    async (type) => {
      const bytes = Buffer.from(`${part('id', '1')}--b--\r\n`);
      expect(isMultipart(bytes, type)).toBe(true);
      expect((await multipartFields(bytes)).get('id')).toBe('1');
    },
  );

  it.each([
    ['{"id":1}', 'multipart/form-data; boundary=b'],
    ['"{}"', 'multipart/form-data; boundary=b'],
    ['id=1', 'application/x-www-form-urlencoded'],
    ['--b', 'text/plain'],
    ['', undefined],
  ])('is not %j of type %j', (body, type) => {
    expect(isMultipart(Buffer.from(body), type)).toBe(false);
  });

  it.each([
    ['nothing of it', 'id=1'],
    ['cut', part('id', '1')],
    ['a boundary that cannot be one', `--"b\r\nContent-Disposition: form-data; name="id"\r\n\r\n1\r\n--"b--`],
    ['a part without a name', '--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--\r\n'],
    ['empty', ''],
  ])('is malformed: %s', async (_name, body) => {
    await expect(multipartFields(Buffer.from(body))).rejects.toMatchObject({
      code: 'malformed_body',
      cause: undefined,
    });
  });
});
