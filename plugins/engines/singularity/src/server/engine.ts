import type {
  AgentProgram,
  ContainerCommand,
  ContainerEngine,
  ContainerOperator,
  ContainerSpec,
  Host,
} from '@stele/sdk';
import type { SingularitySettings } from '../settings.ts';
import { command } from './command.ts';
import { readHostScript } from './host-script.ts';
import { SingularityOperator } from './operator.ts';
import { HostShell } from './host-shell.ts';

/** Apptainer and Singularity, whichever answers. */
export class SingularityEngine implements ContainerEngine {
  readonly title = 'Apptainer / Singularity';
  readonly capabilities = {
    foreground: true,
    detached: true,
    portMapping: false,
    networkIsolation: false,
    sockets: true,
    limits: false,
    gpus: true,
    runtimes: [],
  };
  readonly #settings: SingularitySettings;
  readonly #agent: AgentProgram;
  readonly #script = readHostScript();

  constructor(settings: SingularitySettings, agent: AgentProgram) {
    this.#settings = settings;
    this.#agent = agent;
  }

  command(spec: ContainerSpec): ContainerCommand {
    return command(spec, this.#settings);
  }

  operator(host: Host): ContainerOperator {
    return new SingularityOperator(new HostShell(host, this.#script, this.#settings), this.#settings, this.#agent);
  }
}
