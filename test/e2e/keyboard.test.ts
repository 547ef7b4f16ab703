import assert from 'node:assert/strict';
import type { Computing } from '@stele/sdk/api';
import type { Browser, Page } from 'playwright-core';
import { type ApiClient, demandNone, launchBrowser, type Misdeeds, openPage, picture, Platform } from './lib/index.ts';
import { focused, tabTo } from './page/keyboard.ts';

/** A form, and what is entered in it, field by field. `true`: the key that opens a fold or sets a switch. */
interface Form {
  readonly path: string;
  readonly fields: Readonly<Record<string, string | true>>;
  /** What else has to be on the way to the last button. */
  readonly passes: readonly string[];
}

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const key = certificate.replaceAll('CERTIFICATE', 'PRIVATE KEY');
const kubeconfig = 'apiVersion: v1\nkind: Config\n';

const forms: Readonly<Record<string, Form>> = {
  Kubernetes: {
    path: '/computing/new',
    fields: { Kind: 'Kubernetes', 'How it is reached': 'Its own', Kubeconfig: kubeconfig, Namespace: 'of-ada' },
    passes: ['File with Kubeconfig', 'Way to tasks', 'More settings', 'Belongs to'],
  },
  TLS: {
    path: '/computing/new',
    fields: {
      ...{ Kind: 'Single', 'How it is reached': 'TLS', Host: 'docker.example.org', Port: '2376' },
      ...{ 'Certificate authority': certificate, Certificate: certificate, 'Key of the certificate': key },
    },
    passes: ['File with Key of the certificate', 'Networks of tasks', 'More settings', 'Belongs to'],
  },
  'Slurm by REST': {
    path: '/computing/new',
    fields: {
      ...{ Kind: 'Slurm', 'How it is reached': 'SSH', Host: 'login.example.org', 'Way to tasks': 'By SSH' },
      ...{ 'More settings': true, 'Slurm’s REST API': 'https://slurm.example.org:6820', 'Key for tokens': 'a2V5' },
    },
    passes: ['Token', 'Certificates of the REST API', 'Belongs to'],
  },
  S3: {
    path: '/storage?edit=new',
    fields: {
      ...{
        Kind: 'Bucket',
        Credentials: 'Token or key pair of the p',
        Endpoint: 'https://objects.example.org',
        Bucket: 'observations',
      },
      ...{ 'Access key': 'KEY', 'Secret key': 'a-secret' },
    },
    passes: ['Users may browse it here', 'Belongs to'],
  },
};

describe('forms by the keyboard alone', function () {
  this.timeout(60_000);
  let platform: Platform;
  let api: ApiClient;
  let browser: Browser;
  let page: Page;
  let misdeeds: Misdeeds;

  before(async () => {
    platform = await Platform.start({ site: {} });
    api = await platform.logIn();
    browser = await launchBrowser();
    ({ page, misdeeds } = await openPage(browser, api, { viewport: { width: 1280, height: 1400 } }));
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await picture([page], `failed-keyboard-${this.currentTest.title}`);
  });
  after(async () => {
    await browser?.close();
    await platform?.[Symbol.asyncDispose]();
  });

  /** @returns what had the focus on the way */
  const enter = async (label: string, value: string | true): Promise<readonly string[]> => {
    const way = await tabTo(page, label);
    if (value === true) await page.keyboard.press('Space');
    else if ((await page.locator('select:focus').count()) > 0) await page.keyboard.type(value);
    else {
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(value);
    }
    return way;
  };

  for (const [name, { path, fields, passes }] of Object.entries(forms)) {
    it(`${name}: filled in and sent`, async () => {
      await page.goto(`${platform.url}${path}`);
      await page.getByLabel('Kind', { exact: true }).waitFor();
      const way: string[] = [];
      for (const [label, value] of Object.entries({ Name: name, ...fields })) way.push(...(await enter(label, value)));
      way.push(...(await tabTo(page, 'Add')));
      for (const label of passes) assert(way.includes(label), `“${label}” is not on the way: ${way.join(', ')}`);
      await picture([page], `keyboard-${name}`);
      await page.keyboard.press('Enter');
      await page.getByText(`“${name}” is added.`).waitFor();
      await page.keyboard.press('Escape');
    });
  }

  it('leads to what is missing', async () => {
    await page.goto(`${platform.url}/computing/new`);
    await page.getByLabel('Kind', { exact: true }).waitFor();
    await enter('Name', 'Without a host');
    await enter('Kind', 'Single');
    await enter('How it is reached', 'TLS');
    await tabTo(page, 'Add');
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'Host');
  });

  it('made what was entered, and kept its secrets', async () => {
    const made = await api.items<Computing>('/computing');
    const secrets = Object.fromEntries(made.map(({ name, secrets: kept }) => [name, kept]));
    assert.deepEqual(secrets, {
      Kubernetes: ['conf.kubeconfig'],
      TLS: ['accessConf.key'],
      'Slurm by REST': ['conf.restKey'],
    });
    const slurm = made.find(({ name }) => name === 'Slurm by REST')?.conf;
    // Its own defaults, not those of the kind that the form began with.
    assert.deepEqual([slurm?.['reach'], slurm?.['engines']], ['jump', ['singularity', 'podman', 'docker']]);
    demandNone({ ...misdeeds, errors: misdeeds.errors.filter((line) => !/status of \d+/.test(line)) });
  });
});
