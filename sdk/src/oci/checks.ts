import type { ContainerSpec } from '../engine.ts';
import { SteleError } from '../errors.ts';
import { matches } from '../grammar.ts';
import type { Bind } from '../resources.ts';

const nameRule = /^[a-z0-9][a-z0-9-]{1,62}$/;
const labelRule = /^[A-Za-z0-9._:/-]*$/;
const runtimeRule = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Refuses a name that isn't ours or that an engine would take for the beginning of another container's id.
 * @throws INVALID (field `name`)
 */
export function checkName(name: string): string {
  if (!nameRule.test(name)) throw invalid('name', `“${name}” is not a valid container name.`);
  if (/^[0-9a-f]+$/.test(name)) throw invalid('name', `“${name}” could be mistaken for a container id.`);
  return name;
}

/**
 * Refuses what no docker-like command line can express safely.
 * @throws INVALID, with the field below {@link ContainerSpec}
 */
export function checkSpec(spec: ContainerSpec): void {
  checkName(spec.name);
  for (const [name, value] of Object.entries(spec.env)) checkVariable(name, value);
  for (const [key, value] of Object.entries(spec.labels)) checkLabel(key, value);
  spec.binds.forEach(checkBind);
  if (spec.runtime !== undefined && !runtimeRule.test(spec.runtime)) {
    throw invalid('engine.runtime', `“${spec.runtime}” is not a valid runtime name.`);
  }
  if (spec.port !== undefined) checkRange('port', spec.port, 1, 65_535, true);
  if (spec.publish !== undefined) checkAddress(spec.publish.host);
  if (spec.memory !== undefined) checkRange('memory', spec.memory, 6 * 1024 * 1024, Number.MAX_SAFE_INTEGER, true);
  if (spec.cpus !== undefined) checkRange('cpus', spec.cpus, 0.01, 65_536, false);
  if (spec.args?.some((argument) => argument.includes('\0'))) throw invalid('args', 'An argument can’t hold a NUL.');
}

function checkVariable(name: string, value: string): void {
  if (!matches('envName', name)) throw invalid('env', `“${name}” is not a valid name of an environment variable.`);
  if (matches('envValue', value)) return;
  throw invalid(`env.${name}`, `The value of ${name} has a line break or a NUL, or is longer than 4,096 characters.`);
}

/** Refuses a label that a filter or an option would misread. @throws INVALID (field `labels`) */
export function checkLabel(key: string, value: string): void {
  if (key === '' || !labelRule.test(key) || !labelRule.test(value)) {
    throw invalid('labels', `“${key}=${value}” is not a valid label.`);
  }
}

function checkBind(bind: Bind, index: number): void {
  for (const side of ['source', 'target'] as const) {
    const wrong = pathProblem(bind[side]);
    if (wrong) throw invalid(`binds.${index}.${side}`, `“${bind[side]}” can’t be bound into a container: ${wrong}.`);
  }
  if (bind.target === '/') throw invalid(`binds.${index}.target`, 'A folder can’t be bound over a container’s root.');
}

function pathProblem(path: string): string | undefined {
  if (!matches('absolutePath', path)) return 'it is not an absolute path without “.” and “..”';
  // Newer Dockers trim, or refuse, the blank at the end of a field of `--mount`.
  if (path.trim() !== path) return 'it ends with a blank';
  return undefined;
}

function checkAddress(host: string): void {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1) ?? [];
  const isAddress = parts.length === 4 && parts.every((part) => Number(part) <= 255);
  if (!isAddress) throw invalid('publish.host', `“${host}” is not an IPv4 address.`);
}

function checkRange(field: string, value: number, least: number, most: number, whole: boolean): void {
  const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
  if (!fits) throw invalid(field, `${value} is not a valid value of “${field}”: it lies between ${least} and ${most}.`);
}

function invalid(field: string, message: string): SteleError {
  return new SteleError('INVALID', message, { field });
}
