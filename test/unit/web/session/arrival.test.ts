import { expect, test } from 'vitest';
import { isParleyCode } from '../../../../web/arriving/parley-code.ts';
import { hasJoinCode, takeJoinCode } from '../../../../web/session/arrival.ts';

const page = (address: string) => {
  const replaced: string[] = [];
  const location = new URL(address);
  const history = { replaceState: (_: unknown, __: string, to: string) => replaced.push(to) };
  return { replaced, page: { location, history } as unknown as Window };
};

test('a join code leaves the address bar before anything else happens (J1)', () => {
  const opened = page('https://192.0.2.1:8443/?x=1#/j/AQEsecret');
  expect(takeJoinCode(opened.page)).toBe('https://192.0.2.1:8443/?x=1#/j/AQEsecret');
  expect(opened.replaced).toEqual(['/?x=1#/']);
});

test('other routes keep their address', () => {
  for (const hash of ['', '#/', '#/chats/abc', '#/j/', '#/found/code']) {
    const opened = page(`https://192.0.2.1/${hash}`);
    expect(takeJoinCode(opened.page)).toBeUndefined();
    expect(opened.replaced).toEqual([]);
  }
});

test('a scanned text is only taken for a code if it is an address with one', () => {
  expect(hasJoinCode('#/j/A')).toBe(true);
  expect(isParleyCode('https://192.0.2.1:8443/#/j/AQE')).toBe(true);
  expect(isParleyCode('https://192.0.2.1:8443/')).toBe(false);
  expect(isParleyCode('WIFI:S:box;T:WPA;P:x;;')).toBe(false);
  expect(isParleyCode('javascript:alert(1)')).toBe(false);
});
