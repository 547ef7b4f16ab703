import assert from 'node:assert/strict';
import { deviceOf, isHandheld } from './device.ts';

const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

describe('device of a session', () => {
  for (const [agent, words] of [
    [chrome, 'Chrome on Linux'],
    [`${chrome} Edg/156.0`, 'Edge on Linux'],
    [safari, 'Safari on iPhone'],
    ['Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Windows'],
    ['curl/8.9.1', 'curl'],
    ['something else', 'Unknown device'],
    [undefined, 'Unknown device'],
  ] as const) {
    it(words, () => assert.equal(deviceOf(agent), words));
  }
  it('knows what is held in the hand', () => assert.deepEqual([isHandheld(safari), isHandheld(chrome)], [true, false]));
});
