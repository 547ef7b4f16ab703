import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Populated } from './population.ts';

/** Something that the page can show. */
export interface Scene {
  readonly name: string;
  readonly path: string;
  /** What shows that it is there. */
  readonly sign: (page: Page) => Promise<unknown>;
}

const heading = (name: string) => (page: Page) => page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
const dialog = (name: string | RegExp) => (page: Page) => page.getByRole('dialog', { name }).waitFor();

const all =
  (...signs: readonly Scene['sign'][]): Scene['sign'] =>
  async (page) => {
    for (const sign of signs) await sign(page);
  };

const press = (role: 'button' | 'tab', name: string | RegExp) => (page: Page) =>
  page.getByRole(role, { name }).first().click();
const visible = (role: 'menuitem' | 'textbox', name: string) => (page: Page) =>
  page.getByRole(role, { name, exact: true }).filter({ visible: true }).first().waitFor();
const select = (page: Page, label: string) => page.getByRole('combobox', { name: label, exact: true });
const choose = (label: string, option: string) => (page: Page) => select(page, label).selectOption({ label: option });
const chosen = (label: string, option: string) => async (page: Page) =>
  assert.equal((await select(page, label).locator('option:checked').textContent())?.trim(), option);
const text = (words: string | RegExp) => (page: Page) => page.getByText(words).first().waitFor();

/** The panels, as they are before there is anything. */
export const empty: readonly Scene[] = [
  { name: 'tasks', path: '/tasks', sign: text('Nothing runs yet') },
  { name: 'software', path: '/software', sign: text('No software yet') },
  { name: 'computing', path: '/computing', sign: text('No computing yet') },
  { name: 'storage', path: '/storage', sign: text('No storage yet') },
  { name: 'account', path: '/account', sign: heading('Account') },
  { name: 'account-ssh', path: '/account/ssh', sign: all(text('ssh-ed25519'), text('Nothing to set up')) },
  { name: 'account-credentials', path: '/account/credentials', sign: text('Nothing to enter') },
  { name: 'account-registries', path: '/account/registries', sign: text('No registries') },
];

/** The panels, with something in them. */
export const panels: readonly Scene[] = [
  { name: 'tasks', path: '/tasks', sign: text('Survey of the southern sky') },
  { name: 'software', path: '/software', sign: text('Echo') },
  { name: 'computing', path: '/computing', sign: text('This machine') },
  { name: 'storage', path: '/storage', sign: text('notes.txt') },
  { name: 'account', path: '/account', sign: heading('Account') },
];

/** The same, where lists are long and begin with something else. */
export const fullPanels = ({ storage }: Populated): readonly Scene[] =>
  panels.map((scene) =>
    scene.name === 'storage' ? { ...scene, path: `/storage/${storage}`, sign: text('Observations') } : scene,
  );

/** Sheets, dialogs, menus, and the other parts of panels. */
export const parts = ({
  software,
  guarded,
  computing,
  unconfirmed,
  storage,
  running,
  failed,
}: Populated): readonly Scene[] => [
  { name: 'task', path: `/tasks?open=${running}`, sign: all(dialog('Survey of the southern sky'), text('Image')) },
  { name: 'task-failed', path: `/tasks?open=${failed}`, sign: all(dialog('Short-lived'), text('Exit code')) },
  { name: 'task-log', path: `/tasks?open=${failed}&tab=logs`, sign: all(dialog('Short-lived'), text('line 199')) },
  {
    name: 'task-stop',
    path: '/tasks',
    sign: all(text('Survey of the southern sky'), press('button', 'Stop'), dialog(/^Stop/)),
  },
  {
    name: 'task-connect',
    path: '/tasks',
    sign: all(
      (page) => page.getByRole('article', { name: 'A catalogue' }).getByRole('button', { name: 'Connect' }).click(),
      dialog('Connect'),
      (page) => page.getByText('Password', { exact: true }).waitFor(),
    ),
  },
  { name: 'software-details', path: `/software?open=${software}`, sign: dialog('Echo') },
  { name: 'software-form', path: '/software?edit=new', sign: all(dialog('Add software'), text('Who may use it')) },
  {
    name: 'software-menu',
    path: '/software',
    sign: all(press('button', /^More about Echo/), visible('menuitem', 'Duplicate')),
  },
  {
    name: 'launch',
    path: `/software?launch=${guarded}`,
    sign: all(
      dialog('Launch'),
      (page) => page.getByLabel('Name of the task').waitFor(),
      (page) => page.getByLabel('Password of the task').waitFor(),
      text('Set up your account'),
    ),
  },
  {
    name: 'computing-details',
    path: `/computing/${computing}`,
    sign: all(dialog('This machine'), text(/Cores|CPU|Memory/)),
  },
  {
    name: 'computing-unconfirmed',
    path: `/computing/${unconfirmed}`,
    sign: all(dialog('New cluster'), (page) => page.getByRole('button', { name: 'Trust this key' }).waitFor()),
  },
  {
    name: 'computing-form-kubernetes',
    path: '/computing/new',
    sign: all(
      dialog('Add computing'),
      choose('Kind', 'Kubernetes cluster'),
      chosen('How it is reached', 'Its own API'),
    ),
  },
  { name: 'computing-form', path: '/computing/new', sign: all(dialog('Add computing'), visible('textbox', 'Name')) },
  { name: 'storage-tiles', path: `/storage/${storage}?view=grid`, sign: text('Observations') },
  { name: 'storage-preview', path: `/storage/${storage}?show=notes.txt`, sign: text('and another') },
  { name: 'storage-form', path: '/storage?edit=new', sign: all(dialog('Add storage'), visible('textbox', 'Name')) },
  {
    name: 'storage-folder',
    path: `/storage/${storage}`,
    sign: all(text('Observations'), press('button', 'New folder'), dialog('New folder')),
  },
  { name: 'account-security', path: '/account/security', sign: text(/password/i) },
  { name: 'account-ssh', path: '/account/ssh', sign: all(text('ssh-ed25519'), text('does not let “admin” in')) },
  { name: 'account-registries', path: '/account/registries', sign: text('registry.observatory.example') },
  {
    name: 'account-registry-form',
    path: '/account/registries',
    sign: all(press('button', 'Add registry'), dialog('Add a registry'), visible('textbox', 'Registry')),
  },
  { name: 'account-tokens', path: '/account/tokens', sign: text('Nightly pipeline') },
  { name: 'account-groups', path: '/account/groups', sign: text('Cosmology') },
  { name: 'account-users', path: '/account/users', sign: text('Grace') },
  {
    name: 'palette',
    path: '/tasks',
    sign: all(text('Survey of the southern sky'), (page) => page.keyboard.press('Control+k'), dialog(/commands/i)),
  },
  { name: 'nowhere', path: '/nowhere', sign: text('There is no such place') },
];
