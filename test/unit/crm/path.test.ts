import { describe, expect, it } from '@jest/globals';
import { path } from '../../../functions/crm/path.ts';

describe('a path', () => {
  it('stands in logs without what it is about', () => {
    const [id, field] = ['113', 'WP Password'];
    expect(path`contacts/${id}/fields/${field}.json`).toEqual({
      text: 'contacts/113/fields/WP%20Password.json',
      template: 'contacts/{}/fields/{}.json',
    });
    expect(path`users/me`).toEqual({ text: 'users/me', template: 'users/me' });
  });

  it.each([
    ['a/b', 'a%2Fb'],
    ['../x', '..%2Fx'],
    ['a?b=c', 'a%3Fb%3Dc'],
    ['a#b', 'a%23b'],
    ['a\\b', 'a%5Cb'],
    ['//evil.example.com', '%2F%2Fevil.example.com'],
    ['https://evil.example.com/', 'https%3A%2F%2Fevil.example.com%2F'],
    ['%2e%2e', '%252e%252e'],
    ['%2E', '%252E'],
    ['a b\n', 'a%20b%0A'],
    ['ada+x@example.com', 'ada%2Bx%40example.com'],
    ['é👍', '%C3%A9%F0%9F%91%8D'],
    ['...', '...'],
    ['.a', '.a'],
  ])('holds %j within its segment', (value, encoded) => {
    const { text } = path`contacts/${value}/tags`;
    expect(text).toBe(`contacts/${encoded}/tags`);
    const url = new URL(text, 'https://crm.example.com/api/');
    expect([url.origin, url.search, url.hash]).toEqual(['https://crm.example.com', '', '']);
    expect(url.pathname.split('/')).toHaveLength(5);
    expect(decodeURIComponent(url.pathname.split('/')[3] ?? '')).toBe(value);
  });

  it.each(['', '.', '..'])('is none with %j in it: that is another place', (value) => {
    const refused = expect.objectContaining({ code: 'contact_not_found' });
    expect(() => path`contacts/${value}/tags`).toThrow(refused);
    expect(() => path`contacts/${'113'}/${value}`).toThrow(refused);
  });
});
