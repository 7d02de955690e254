import { expect, it } from '@jest/globals';
import { networkOf } from '../../../functions/site/network.ts';

it.each([
  ['192.0.2.7', '192.0.2.7', '192.0.2'],
  ['::ffff:192.0.2.7', '192.0.2.7', '192.0.2'],
  ['::FFFF:c000:207', '192.0.2.7', '192.0.2'],
  ['2001:db8:1:2:3:4:5:6', '8193:3512:1:2', '8193:3512:1:2'],
  ['2001:db8:1:2::', '8193:3512:1:2', '8193:3512:1:2'],
  ['2001:DB8:1:2::ffff', '8193:3512:1:2', '8193:3512:1:2'],
  ['::1', '0:0:0:0', '0:0:0:0'],
  ['fe80::1%eth0', '65152:0:0:0', '65152:0:0:0'],
])('%s', (address, own, wide) => {
  expect(networkOf(address, 'address')).toBe(own);
  expect(networkOf(address, '/24')).toBe(wide);
});
