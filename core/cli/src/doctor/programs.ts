import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '@stele/sdk';
import type { PluginInspection } from '@stele/server/inspect';
import { type Finding, fine, weak } from './finding.ts';

const check = 'programs';
const run = promisify(execFile);

/** A program that a plugin runs, by its setting `command`. */
interface Program {
  readonly plugin: string;
  readonly command: string;
}

/**
 * Whether the programs are there that plugins run, such as container engines. By convention a plugin that drives a
 * program calls the setting with its name `command`, so that nothing here has to know the plugin.
 */
export async function checkPrograms(plugins: readonly PluginInspection[]): Promise<Finding[]> {
  const found = await Promise.all(
    plugins.flatMap(programOf).map(async (one) => ({ ...one, answer: await ask(one.command) })),
  );
  return judgePrograms(found);
}

function programOf({ id, enabled, settings, overriddenBy }: PluginInspection): Program[] {
  const { command } = settings;
  // An empty one: the plugin looks for a program by itself, wherever it is to run.
  return enabled && !overriddenBy && typeof command === 'string' && command !== '' ? [{ plugin: id, command }] : [];
}

/** What became of `--version`. */
export type Answer = { readonly version: string } | { readonly missing: true } | { readonly failure: string };

type Asked = Program & { readonly answer: Answer };

/**
 * They stand in for each other: one is enough, and then what isn't installed is no news. Without any, a site whose tasks run
 * elsewhere is as good as ever: their hosts are asked by a check of the resource. Pure.
 */
export function judgePrograms(programs: readonly Asked[]): Finding[] {
  if (programs.length > 0 && !programs.some(({ answer }) => 'version' in answer)) return [noneWorks(programs)];
  return programs.flatMap(({ plugin, command, answer }) => {
    if ('missing' in answer) return [];
    if ('version' in answer) return [fine(check, `${command}: ${answer.version}`)];
    return [weak(check, `${command}: ${answer.failure}`, `Mend it, or disable ${plugin}.`)];
  });
}

function noneWorks(programs: readonly Asked[]): Finding {
  const names = programs.map(({ command, plugin }) => `${command} (${plugin})`).join(', ');
  const advice =
    'Where tasks run on this machine, install one of them; “./stele up” without a site file does so by itself on Debian.';
  return weak(check, `none of what plugins run is on this machine: ${names}`, advice);
}

async function ask(command: string): Promise<Answer> {
  try {
    const { stdout } = await run(command, ['--version'], { timeout: 10_000 });
    return { version: stdout.split('\n')[0] ?? '' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { missing: true } : { failure: messageOf(error) };
  }
}
