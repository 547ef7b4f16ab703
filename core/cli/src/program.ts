import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultData } from './place.ts';

export interface UpOptions {
  readonly data: string;
  readonly site?: string;
  readonly port?: number;
  readonly json: boolean;
  readonly prepare: boolean;
  readonly verbose: boolean;
}

export interface DoctorOptions {
  readonly data: string;
  readonly site?: string;
  readonly json: boolean;
}

export type PluginOptions = DoctorOptions;

export interface LinkOptions {
  readonly data: string;
  readonly json: boolean;
}

/** What the words of the command line do. */
export interface Actions {
  up(options: UpOptions): Promise<void>;
  doctor(options: DoctorOptions): Promise<void>;
  listPlugins(options: PluginOptions): Promise<void>;
  switchPlugin(id: string, verb: 'enable' | 'disable', options: PluginOptions): Promise<void>;
  logInLink(email: string | undefined, options: LinkOptions): Promise<void>;
}

/** The `stele` command's words. Parsing throws commander's errors instead of ending the process. */
export function createProgram(actions: Actions, version: string): Command {
  const program = new Command('stele')
    .description(
      'A plugin host for science platforms: software in containers, on computing of any kind, in the browser.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this, or the help of a command')
    .showSuggestionAfterError()
    .exitOverride();
  addUp(program, actions);
  addDoctor(program, actions);
  addPlugin(program, actions);
  addLogInLink(program, actions);
  return program.addHelpText('after', closing);
}

function addUp(program: Command, actions: Actions): void {
  program
    .command('up')
    .description('run Stele until it is told to stop')
    .addOption(dataOption('folder that keeps everything: database, secret key, files, log'))
    .addOption(siteOption())
    .option('-p, --port <number>', 'port of the page; 0 picks a free one (default: the site’s, else 8000)', asPort)
    .option('--json', 'print one line of JSON when it serves, {"url", "login"}, and nothing else', false)
    .option('--no-prepare', 'do not run the site’s “prepare” program first')
    .option('-v, --verbose', 'log everything, and show the log on standard error', false)
    .addHelpText('after', upClosing)
    .action((options: UpOptions) => actions.up(options));
}

function addDoctor(program: Command, actions: Actions): void {
  program
    .command('doctor')
    .description('check site file, plugins, settings, database and machine, and say what to do')
    .addOption(dataOption())
    .addOption(siteOption())
    .option('--json', 'print the findings as JSON', false)
    .addHelpText(
      'after',
      '\nChanges nothing. Ends with 1 when something is broken; what is merely weak (!) is up to you.',
    )
    .action((options: DoctorOptions) => actions.doctor(options));
}

function addPlugin(program: Command, actions: Actions): void {
  const plugin = program.command('plugin').description('list, enable and disable plugins');
  const word = (name: string, description: string): Command =>
    plugin
      .command(name)
      .description(description)
      .addOption(dataOption())
      .addOption(siteOption())
      .option('--json', 'print the answer as JSON', false);
  word('list', 'list the plugins and their states').action((options: PluginOptions) => actions.listPlugins(options));
  for (const verb of ['enable', 'disable'] as const) {
    word(verb, `${verb} a plugin of the running Stele, at once and for good`)
      .argument('<id>', 'its id, as in the list')
      .action((id: string, options: PluginOptions) => actions.switchPlugin(id, verb, options));
  }
}

function addLogInLink(program: Command, actions: Actions): void {
  program
    .command('log-in-link')
    .description('print a link that logs a user in, once')
    .argument('[email]', 'whom; the administrator when nobody is named')
    .addOption(dataOption())
    .option('--json', 'print the answer as JSON', false)
    .action((email: string | undefined, options: LinkOptions) => actions.logInLink(email, options));
}

function dataOption(description = 'data folder of the Stele that is meant'): Option {
  return new Option('-d, --data <folder>', description).env('STELE_DATA').default(defaultData);
}

function siteOption(): Option {
  return new Option('-s, --site <file>', 'site file (default: a site for this machine alone)').env('STELE_SITE_FILE');
}

function asPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

const upClosing = `
Ctrl-C, or SIGTERM, ends it cleanly; a second one at once. Running tasks go on, and are there again after the next start.
Ends with 0 when it was told to stop, 1 when something failed, 2 for a wrong command line, 78 when the configuration is wrong.`;

const closing = `
Examples:
  ./stele up                                    a site for this machine, at http://localhost:8000
  ./stele up --site site.yaml --data /srv/stele a site of your own
  ./stele doctor --site site.yaml               what is wrong or weak about it
  ./stele log-in-link ada@example.org           let somebody in who has no password yet`;
