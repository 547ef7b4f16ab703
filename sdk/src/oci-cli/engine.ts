import type { Host } from '../access.ts';
import {
  type ContainerCommand,
  type ContainerEngine,
  type ContainerOperator,
  type ContainerSpec,
  type EngineCapabilities,
  placeholders,
} from '../engine.ts';
import { Cli } from './cli.ts';
import { environmentText, removeArguments, runArguments } from './create-arguments.ts';
import { type Dialect, plainTraits, type Survey } from './dialect.ts';
import { withGpus } from './gpus.ts';
import { CliOperator } from './operator.ts';
import { Turns } from '../oci/turns.ts';
import { withInputIn } from './wrap.ts';

/** A container engine that is its command line, in one {@link Dialect}. */
export class CliEngine implements ContainerEngine {
  readonly title: string;
  readonly capabilities: EngineCapabilities;
  readonly #dialect: Dialect;
  readonly #turns = new Turns();
  readonly #surveys = new WeakMap<Host, Promise<Survey>>();

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.title = dialect.title;
    this.capabilities = {
      foreground: true,
      detached: true,
      portMapping: true,
      networkIsolation: true,
      limits: true,
      gpus: true,
      runtimes: dialect.runtimes,
    };
  }

  command(spec: ContainerSpec): ContainerCommand {
    const { command, gpuStyle = 'cdi' } = this.#dialect;
    const environment = `${placeholders.scratch}/environment` as const;
    const argv = [...command, ...runArguments(spec, this.#dialect, plainTraits, environment)];
    return {
      argv: withInputIn(environment, spec.gpus === true ? withGpus(argv, gpuStyle) : argv),
      stdin: environmentText(spec.env),
      after: [...command, ...removeArguments(spec.name, this.#dialect)],
    };
  }

  operator(host: Host): ContainerOperator {
    return new CliOperator(new Cli(host, this.#dialect), {
      turns: this.#turns,
      survey: (cli, signal) => this.#surveys.get(cli.host) ?? this.#survey(cli, signal),
      surveyAgain: (cli, signal) => this.#survey(cli, signal),
    });
  }

  #survey(cli: Cli, signal: AbortSignal): Promise<Survey> {
    const survey = this.#dialect.survey(cli, signal);
    this.#surveys.set(cli.host, survey);
    survey.catch(() => this.#surveys.delete(cli.host));
    return survey;
  }
}
