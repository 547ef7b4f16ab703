import { SteleError } from '../errors.ts';
import { type ContainerFacts, readFacts } from '../oci/container-facts.ts';

/** The answer to one `inspect` of many names. */
export interface InspectAnswer {
  /** What was found, by name. */
  readonly found: ReadonlyMap<string, ContainerFacts>;
  /** Names that the engine positively does not know. */
  readonly absent: ReadonlySet<string>;
}

/** The template that both Podman and Docker understand; `digest` differs. Leaves the environment out: it is secret. */
export function inspectFormat(digest: string | undefined): string {
  const fields = [
    ['id', '.ID'],
    ['name', '.Name'],
    ['state', '.State'],
    ['ports', '.NetworkSettings.Ports'],
    ['memory', '.HostConfig.Memory'],
    ...(digest === undefined ? [] : [['digest', digest]]),
  ];
  return `{${fields.map(([key, value]) => `"${key}":{{json ${value}}}`).join(',')}}`;
}

/**
 * Reads what `inspect --type container --format` printed for `names`. Pure.
 * @returns `undefined` when a name is neither found nor said to be missing: the answer is no answer
 * @throws PROTOCOL for a line that isn't what was asked for
 */
export function parseContainers(names: readonly string[], stdout: string, stderr: string): InspectAnswer | undefined {
  const found = new Map(stdout.split('\n').filter(Boolean).filter(isNoEmptyList).map(parseLine));
  const absent = new Set([...stderr.matchAll(/no such (?:container|object):? "?([^\s:"]+)"?\s*$/gim)].map(nameInMatch));
  const isAnswered = names.every((name) => found.has(name) || absent.has(name));
  return isAnswered ? { found, absent } : undefined;
}

/** Both print `[]` before an error when they were given no template to fill. */
function isNoEmptyList(line: string): boolean {
  return line.trim() !== '[]';
}

function nameInMatch(match: RegExpMatchArray): string {
  return match[1] ?? '';
}

function parseLine(line: string): [string, ContainerFacts] {
  const facts = readFacts(readJson(line));
  return [facts.name, facts];
}

function readJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new SteleError('PROTOCOL', 'The engine’s answer can’t be understood.', { raw: line, cause });
  }
}
