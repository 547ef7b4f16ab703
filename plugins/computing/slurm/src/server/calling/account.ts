import { type Call, type ComputingResource, type CredentialService, type JsonSchema, SteleError } from '@stele/sdk';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { confOf } from '../conf.ts';
import { parseToken } from '../rest/token-claims.ts';
import { type Tokens, tokensOf } from '../rest/tokens.ts';

const schema = Type.Object(
  {
    token: Type.Optional(
      Type.String({
        title: 'Token',
        description: 'What “scontrol token lifespan=…” prints after “SLURM_JWT=”.',
        maxLength: 8_192,
        'x-secret': true,
        'x-order': 1,
      }),
    ),
    user: Type.Optional(
      Type.String({
        title: 'Account',
        description:
          'As whom Slurm is asked. Needed where the platform signs tokens, or the token is that of Slurm’s own user. Empty: whose token it is.',
        pattern: '^(?:[a-z_][a-z0-9_.-]{0,63})?$',
        'x-order': 2,
      }),
    ),
  },
  { additionalProperties: false },
);

/** What users and the platform prove themselves with where there is no login node. */
export const credentials: JsonSchema = { ...schema };

/** Who asks Slurm, and how that is proved. */
export interface ApiAccount {
  readonly user: string;
  readonly tokens: Tokens;
}

/** The account of whoever calls. @throws DENIED, INVALID, with what to enter where */
export async function accountOf(
  resource: ComputingResource,
  service: CredentialService,
  call: Call,
): Promise<ApiAccount> {
  const given = Value.Parse(schema, await service.of(resource, call));
  return readAccount(given, confOf(resource).restKey, resource.auth === 'user-token');
}

/**
 * Reads what was entered. The cluster's key signs for the platform alone: a user who could name an account would be that. Pure.
 * @param isUsers whether it is a user's own
 */
export function readAccount(
  { token = '', user: named = '' }: Static<typeof schema>,
  restKey: string | undefined,
  isUsers: boolean,
  now?: () => number,
): ApiAccount {
  const advice = isUsers
    ? 'Enter another one under Account → Credentials; tasks go on meanwhile.'
    : 'Enter another one in the resource’s settings; tasks go on meanwhile.';
  const place = { field: 'credentials.token', advice };
  if (!isUsers && restKey !== undefined && restKey !== '') {
    if (named === '') throw missing('credentials.user', 'Name the account that tokens are signed for.');
    return { user: named, tokens: tokensOf({ restKey }, now) };
  }
  if (token.trim() === '') throw missing(place.field, 'There is no token for Slurm’s REST API.');
  const { sun } = parseToken(token.trim(), place.field);
  const user = named === '' ? sun : named;
  if (user === undefined) throw missing('credentials.user', 'The token doesn’t say whose it is: name the account.');
  return { user, tokens: tokensOf({ restToken: token }, now, place) };
}

function missing(field: string, message: string): SteleError {
  return new SteleError('INVALID', message, { field });
}
