import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecs from '@aws-sdk/client-ecs';
import { NormalizedSchema } from '@smithy/core/schema';

/** The services of AWS that the stand-in speaks for, by what their requests are addressed to. */
export const services = {
  AmazonEC2ContainerServiceV20141113: { id: 'ecs', model: ecs as Readonly<Record<string, unknown>> },
  Logs_20140328: { id: 'logs', model: logs as Readonly<Record<string, unknown>> },
} as const;

export type Service = (typeof services)[keyof typeof services];

/** Members that may only be one of what AWS lists. */
const listed: Readonly<Record<string, readonly string[]>> = {
  stopCode: Object.values(ecs.TaskStopCode),
  launchType: Object.values(ecs.LaunchType),
  connectivity: Object.values(ecs.Connectivity),
  networkMode: Object.values(ecs.NetworkMode),
  assignPublicIp: Object.values(ecs.AssignPublicIp),
  cpuArchitecture: Object.values(ecs.CPUArchitecture),
};

type Operation = readonly [9, string, string, unknown, () => Shape, () => Shape];
type Shape = Parameters<typeof NormalizedSchema.of>[0];

/** What is wrong with a request, or with an answer, by the model that AWS publishes with its library. */
export function problemsWith(
  service: Service,
  operation: string,
  side: 'request' | 'answer',
  value: unknown,
): string[] {
  const shape = service.model[`${operation}$`] as Operation | undefined;
  if (shape === undefined) return [`AWS has no operation ${operation}`];
  return problems(NormalizedSchema.of(side === 'request' ? shape[4]() : shape[5]()), value, operation);
}

/** What is wrong with an error. */
export function problemsWithError(service: Service, { __type: kind, ...members }: ErrorBody): string[] {
  const shape = service.model[`${kind}$`] as Shape | undefined;
  // What any service of AWS may say is in no service’s model.
  if (shape === undefined) return common.has(kind) ? [] : [`AWS has no error ${kind}`];
  return problems(NormalizedSchema.of(shape), members, kind);
}

export interface ErrorBody {
  readonly __type: string;
  readonly message?: string;
  readonly resourceIds?: readonly string[];
}

const common: ReadonlySet<string> = new Set([
  ...['ThrottlingException', 'UnrecognizedClientException', 'InvalidSignatureException', 'ExpiredTokenException'],
  ...['AccessDeniedException', 'InternalFailure', 'ServiceUnavailable'],
]);

function problems(schema: NormalizedSchema, value: unknown, path: string): string[] {
  if (value === undefined) return [];
  if (schema.isStructSchema()) return problemsInStruct(schema, value, path);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((one: unknown, at) => problems(schema.getValueSchema(), one, `${path}[${at}]`));
  }
  if (schema.isMapSchema()) {
    if (!isObject(value)) return [`${path} is no map`];
    return Object.entries(value).flatMap(([key, one]) => problems(schema.getValueSchema(), one, `${path}.${key}`));
  }
  const kind = kindOf(schema);
  return kind === undefined || typeof value === kind ? [] : [`${path} is no ${kind}: ${JSON.stringify(value)}`];
}

function problemsInStruct(schema: NormalizedSchema, value: unknown, path: string): string[] {
  if (!isObject(value)) return [`${path} is no structure`];
  const members = new Map(schema.structIterator());
  return Object.entries(value).flatMap(([name, one]) => {
    const member = members.get(name);
    if (member === undefined) return [`${path} has no member ${name}`];
    const choices = listed[name];
    if (choices && typeof one === 'string' && !choices.includes(one)) return [`${path}.${name} can’t be ${one}`];
    return problems(member, one, `${path}.${name}`);
  });
}

/** As JSON carries it: times are seconds since 1970. */
function kindOf(schema: NormalizedSchema): 'string' | 'number' | 'boolean' | undefined {
  if (schema.isTimestampSchema() || schema.isNumericSchema()) return 'number';
  if (schema.isBooleanSchema()) return 'boolean';
  return schema.isStringSchema() ? 'string' : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
