import assert from 'node:assert/strict';
import { formatExact, formatNumber, formatRelative, formatWhen } from './format.ts';
import { onRegionalChange, regional, setRegional, wordsLocale } from './regional.ts';

describe('the user’s language and zone', () => {
  afterEach(() => setRegional({}));

  const noon = new Date('2026-05-01T12:00:00Z');

  it('are what formatters use when a call names none', () => {
    setRegional({ locale: 'de', timeZone: 'Asia/Tokyo' });
    assert.equal(formatNumber(1234.5), '1.234,5');
    assert.match(formatExact(noon), /1\. Mai 2026.*21:00:00/);
    assert.equal(formatNumber(1234.5, 'en'), '1,234.5');
  });

  it('leave words within English sentences English', () => {
    setRegional({ locale: 'de' });
    assert.equal(formatRelative(new Date(noon.getTime() - 60_000), noon), '1 minute ago');
  });

  it('are told when they change, and only then', () => {
    let told = 0;
    const end = onRegionalChange(() => told++);
    setRegional({ locale: 'it', timeZone: 'Europe/Rome' });
    setRegional({ locale: 'it', timeZone: 'Europe/Rome' });
    end();
    setRegional({ locale: 'fr' });
    assert.equal(told, 1);
  });

  it('take the browser’s region where the user named none', () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    Object.defineProperty(globalThis, 'navigator', { value: { language: 'en-GB' }, configurable: true });
    try {
      setRegional({ locale: 'en' });
      assert.equal(regional().locale, 'en-GB');
      setRegional({ locale: 'de' });
      assert.equal(regional().locale, 'de');
    } finally {
      Object.defineProperty(globalThis, 'navigator', before ?? { value: undefined, configurable: true });
    }
  });

  it('fall back to the browser’s where it does not know them', () => {
    setRegional({ locale: 'not a language', timeZone: 'Mars/Olympus' });
    assert.deepEqual(regional(), { locale: undefined, timeZone: undefined });
  });

  for (const [locale, lang] of [
    ['en-GB', 'en-GB'],
    ['en', 'en'],
    ['it-IT', 'en'],
  ] as const) {
    it(`${locale} is spoken to in ${lang}`, () => assert.equal(wordsLocale(locale), lang));
  }

  const when: readonly (readonly [moment: string, zone: string, expected: RegExp])[] = [
    ['2026-05-01T08:30:00Z', 'UTC', /^08:30$/],
    ['2026-04-30T23:30:00Z', 'Europe/Rome', /^01:30$/],
    ['2026-04-30T21:30:00Z', 'Europe/Rome', /^30 Apr.*23:30$/],
    ['2025-12-24T08:30:00Z', 'UTC', /^24 Dec 2025$/],
  ];
  for (const [moment, zone, expected] of when) {
    it(`${moment} in ${zone} is short`, () =>
      assert.match(formatWhen(new Date(moment), noon, 'en-GB', zone), expected));
  }
});
