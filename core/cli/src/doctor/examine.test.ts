import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';
import { asJson, asText } from './report.ts';

const example = (path: string): string => fileURLToPath(new URL(`../../../../examples/sites/${path}`, import.meta.url));

describe('examine', function () {
  this.timeout(30_000);
  let folder: string;
  before(() => void (folder = mkdtempSync(join(tmpdir(), 'stele-examine-'))));
  after(() => rmSync(folder, { recursive: true }));

  const look = (siteFile: string, environment: NodeJS.ProcessEnv = {}): Promise<readonly Finding[]> =>
    examine({
      siteFile,
      dataDir: join(folder, 'data'),
      environment: { STELE_SITE__PORT: '0', ...environment },
      runningAs: undefined,
    });
  const written = (text: string, mode = 0o600): string => {
    const path = join(mkdtempSync(join(folder, 'site-')), 'site.yaml');
    writeFileSync(path, text, { mode });
    return path;
  };
  const wrong = (findings: readonly Finding[]): string[] =>
    findings.filter(({ state }) => state === 'broken').map(({ check, says }) => `${check}: ${says}`);

  it('finds nothing broken in the examples, and makes nothing', async () => {
    const findings = [
      ...(await look(example('laptop/site.yaml'))),
      // Its own server isn’t here.
      ...(await look(example('observatory/site.yaml'), { STELE_DATABASE: 'embedded' })),
    ];
    assert.deepEqual(
      wrong(findings).filter((one) => !one.startsWith('programs')),
      [],
    );
    assert.deepEqual(readdirSync(folder), []);
  });

  it('names each wrong key of the site file, and still looks at the machine', async () => {
    const findings = await look(written('site: { prot: 1, url: stele }\ndatabas: x\n'));
    const [first] = wrong(findings);
    for (const word of ['prot', 'url', 'databas']) assert.match(first ?? '', new RegExp(word));
    assert.deepEqual(
      findings.map(({ check }) => check),
      ['site file', 'Node.js', 'data folder', 'disk'],
    );
  });

  it('says that the file is not there', async () =>
    assert.match(wrong(await look(join(folder, 'none.yaml')))[0]!, /none\.yaml/));

  it('finds wrong settings, a database that is away, and a declared resource that is wrong', async () => {
    const text = `
database: postgres://u:secret-word@127.0.0.1:1/x
plugins: { engine-podman: { comand: x }, engine-pod: {} }
resources: { software: [{ name: N }] }
`;
    const findings = await look(written(text));
    const [database, podman, resource, ...more] = wrong(findings);
    assert.match(database!, /^database: .*ECONNREFUSED/);
    assert.match(podman!, /engine-podman: SETTINGS_INVALID.*comand/);
    assert.match(resource!, /software “N”/);
    assert.deepEqual(
      more.filter((one) => !one.startsWith('programs')),
      [],
    );
    assert.ok(findings.some(({ state, says }) => state === 'weak' && says.includes('“engine-pod”')));
    assert.doesNotMatch(asText(findings) + asJson(findings), /secret-word/);
  });

  it('warns of a password that others can read', async () => {
    const findings = await look(written('database: postgres://u:p@127.0.0.1:1/x', 0o644));
    assert.match(findings[0]!.says, /password/);
  });
});

describe('the report', () => {
  const findings: Finding[] = [
    { check: 'a', state: 'fine', says: 'good' },
    { check: 'bcd', state: 'weak', says: 'hm', advice: 'do' },
    { check: 'e', state: 'broken', says: 'no' },
  ];

  it('is one line each, with advice below', () => {
    assert.equal(asText(findings), '✓ a    good\n! bcd  hm\n       → do\n✗ e    no\n\n1 broken, 1 weak');
    assert.match(asText(findings.slice(0, 1)), /All is well\.$/);
  });

  it('is JSON for programs', () => assert.deepEqual(JSON.parse(asJson(findings)), { broken: 1, weak: 1, findings }));
});
