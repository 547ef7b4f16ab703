import { isBuiltin } from 'node:module';
import { dirname, posix } from 'node:path';

export interface Import {
  /** Path of the importing file below the repository's root, with forward slashes. */
  readonly from: string;
  /** What the import names: a package, or a path relative to the file. */
  readonly specifier: string;
  readonly typeOnly: boolean;
}

interface Place {
  /** `sdk`, `agent`, `core/<name>` or `plugins/<kind>/<name>`: the workspace whose files may import each other. */
  readonly workspace: string;
  /** The file's path below the workspace's `src`; empty for files outside of it. */
  readonly inside: string;
  readonly isTest: boolean;
}

const SERVER = 'core/server';
/** Doors of the SDK for code that runs in the server. The contracts behind the others run everywhere. */
const SERVER_DOORS = ['http', 'oci', 'oci-cli'];
/** What all concerns stand on. A room that is new is a concern until it is named here. */
const FOUNDATIONS = ['host', 'model', 'postgres', 'schema', 'network', 'site', 'secrets'];

/** Says what is wrong with an import, or nothing. The rules are those of `docs`: rooms, and the doors between them. */
export function layerViolation(subject: Import): string | undefined {
  const place = placeOf(subject.from);
  if (!place || place.inside === '') return undefined;
  if (subject.specifier.startsWith('.')) return relativeViolation(place, subject);
  if (isBuiltin(subject.specifier)) return builtinViolation(place, subject);
  return packageViolation(place, subject.specifier);
}

function placeOf(path: string): Place | undefined {
  const match = /^(sdk|agent|core\/[^/]+|plugins\/[^/]+\/[^/]+)\/(?:src\/)?(.*)$/.exec(path);
  if (!match) return undefined;
  const [, workspace = '', rest = ''] = match;
  const inside = path.startsWith(`${workspace}/src/`) ? rest : '';
  return { workspace, inside, isTest: /\.test\.ts$|(^|\/)testing(\/|\.ts$)/.test(rest) };
}

function isWeb({ workspace, inside }: Place): boolean {
  return workspace === 'core/web' || inside.startsWith('web/');
}

function builtinViolation(place: Place, { specifier, typeOnly }: Import): string | undefined {
  if (place.isTest) return undefined;
  if (isWeb(place)) return `code for the browser cannot import ${specifier}`;
  if (place.workspace === 'sdk' && !place.inside.startsWith('http/') && !typeOnly) {
    return `the contracts run everywhere: ${specifier} may be imported for its types only`;
  }
  return undefined;
}

function packageViolation(place: Place, specifier: string): string | undefined {
  const match = /^@stele\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (!match) return undefined;
  const [, name = '', door] = match;
  if (place.workspace === 'sdk') return `the SDK imports nothing of ours, not ${specifier}`;
  if (place.workspace === 'agent') return `the agent imports nothing, not ${specifier}`;
  if (name !== 'sdk') return foreignViolation(place, specifier, name);
  return sdkDoorViolation(place, specifier, door);
}

function foreignViolation(place: Place, specifier: string, name: string): string | undefined {
  if (place.workspace.startsWith('plugins/')) return `a plugin imports the SDK and its own files, not ${specifier}`;
  if (place.workspace === 'core/cli' && name === 'server') return undefined;
  if (place.workspace === SERVER && (name === 'agent' || specifier === '@stele/web/page')) return undefined;
  return `core imports the SDK, never a plugin or another room: not ${specifier}`;
}

function sdkDoorViolation(place: Place, specifier: string, door: string | undefined): string | undefined {
  if (door === 'testing' && !place.isTest) return `${specifier} is for tests`;
  if (door === 'web' && !isWeb(place)) return `${specifier} is for code that runs in the browser`;
  if (SERVER_DOORS.includes(door ?? '') && isWeb(place)) return `${specifier} is for code that runs in the server`;
  return undefined;
}

function relativeViolation(place: Place, { from, specifier, typeOnly }: Import): string | undefined {
  const target = posix.normalize(`${dirname(from)}/${specifier}`);
  const other = placeOf(target);
  if (other?.workspace !== place.workspace) return `${specifier} leaves ${place.workspace}`;
  if (other.inside === '') return undefined;
  return halfViolation(place, other, specifier, typeOnly) ?? serverViolation(place, other, specifier);
}

/** The browser's half and the server's half of a package meet in plain modules beside them, not in each other. */
function halfViolation(place: Place, other: Place, specifier: string, typeOnly: boolean): string | undefined {
  if (place.workspace === 'core/web' || place.workspace === SERVER) return undefined;
  const leavesWeb = isWeb(place) && other.inside.startsWith('server/');
  const entersWeb = !isWeb(place) && isWeb(other);
  if ((leavesWeb && !typeOnly) || entersWeb) return `${specifier}: browser and server code do not import each other`;
  if (place.workspace !== 'sdk' || place.isTest) return undefined;
  if (other.inside.startsWith('testing/')) return `${specifier} is for tests`;
  const leadsToServer = other.inside.startsWith('http/') && !place.inside.startsWith('http/');
  return leadsToServer && !typeOnly ? `${specifier}: the contracts run everywhere` : undefined;
}

/** Each folder of the server has one door, `index.ts`, and calls go one way: http, concern, host or model. */
function serverViolation(place: Place, other: Place, specifier: string): string | undefined {
  if (place.workspace !== SERVER) return undefined;
  const room = roomOf(place.inside);
  const next = roomOf(other.inside);
  if (next === room) return undefined;
  if (next === '') return other.inside === 'main.ts' ? `${specifier}: main is imported by nobody` : undefined;
  if (other.inside !== `${next}/index.ts` && !(place.isTest && other.isTest)) {
    return `${specifier} reaches past the door of ${next}: import ${next}/index.ts`;
  }
  return directionViolation(place, room, next);
}

function directionViolation(place: Place, room: string, next: string): string | undefined {
  if (place.isTest || room === '' || room === 'wiring') return undefined;
  if (next === 'wiring') return 'wiring knows all rooms: none knows wiring';
  if (next === 'http') return 'http is on top: nothing below calls up';
  if (FOUNDATIONS.includes(room) && !FOUNDATIONS.includes(next)) {
    return `${room} does not know ${next}: nothing below calls up`;
  }
  return undefined;
}

function roomOf(inside: string): string {
  return inside.includes('/') ? inside.slice(0, inside.indexOf('/')) : '';
}
