import assert from 'node:assert/strict';
import { type Answer, type Problem, skip } from '../e2e/lib/index.ts';
import { fill, nameOf, type Operation, operationsOf } from './lib/description.ts';
import { withProbe } from './lib/plugins.ts';
import { changes, everybody, operates, out, type Rule, sees, uses } from './lib/rules.ts';
import { sample, unknownId } from './lib/samples.ts';
import { kinds, type Objects, type OwnerName, owners, pathOf, type Visitor, visitors, World } from './lib/world.ts';

/** Routes for administrators alone. */
const administration = /^(\/users|\/platform-key|\/plugins(\/|$)|POST \/groups$|(PATCH|DELETE) \/groups\/\{id\}$)/;
const isAdministration = (operation: Operation): boolean =>
  administration.test(operation.path) || administration.test(nameOf(operation));

const bodyOf = ({ body }: Operation): unknown => body && sample(body);

/** To ask an engine what it offers takes a while: asked for those between whom there is a difference. */
const typical: readonly Visitor[] = ['nobody', 'standard', 'other', 'manager', 'admin'];

/** Routes that read, whatever their method says. */
const reading = /^(GET |POST \/tasks\/preview|POST \/(computing|storages)\/\{id\}\/check)/;

describe('rights', function () {
  this.timeout(60_000);
  let world: World;
  let objects: Objects;
  let operations: readonly Operation[];

  before(async function () {
    this.timeout(600_000);
    const opened = await World.open({ site: withProbe });
    if (typeof opened === 'string') return skip(this, opened);
    world = opened;
    objects = await world.furnish();
    operations = await operationsOf(world.admin);
  });

  after(async () => world?.[Symbol.asyncDispose]());

  const untouched = (what: string, work: () => Promise<void>): Promise<void> => world.untouched(what, work);

  const said = ({ status, body }: Answer<unknown>): string => `${status} ${JSON.stringify(body)?.slice(0, 300)}`;

  describe('to call a route at all', () => {
    it('are nobody’s who is nobody, was disabled, or holds a revoked token', async () => {
      await untouched('a stranger', async () => {
        for (const operation of operations.filter(({ isOpen }) => !isOpen)) {
          for (const visitor of out) {
            const path = fill(operation.path, { id: unknownId, user: unknownId });
            const answer = await world.as[visitor].call<Problem>(operation.method, path, bodyOf(operation));
            assert.equal(answer.status, 401, `${visitor}: ${nameOf(operation)}: ${said(answer)}`);
            assert.equal(answer.body.code, 'UNAUTHENTICATED');
          }
        }
      });
    });

    it('are open to everybody only where one logs in, where tasks call, and for the description', () => {
      const open = operations.filter(({ isOpen }) => isOpen).map(nameOf);
      assert.deepEqual(open.sort(), [
        'DELETE /session',
        'GET /auth',
        'GET /openapi.json',
        'POST /auth/{provider}',
        // Shows the secret of its task: see the tests beside the code.
        'POST /callbacks/{id}',
        'POST /session',
      ]);
    });

    it('are the administrators’ alone where others’ accounts and the platform itself are changed', async () => {
      await untouched('a user', async () => {
        const routes = operations.filter(isAdministration);
        assert(routes.length >= 10, `${routes.length}`);
        for (const operation of routes) {
          for (const visitor of everybody.filter((one) => one !== 'admin')) {
            const path = fill(operation.path, { id: unknownId, user: unknownId });
            const answer = await world.as[visitor].call<Problem>(operation.method, path, bodyOf(operation));
            assert.equal(answer.status, 403, `${visitor}: ${nameOf(operation)}: ${said(answer)}`);
          }
        }
      });
    });

    it('do not write with a token that reads', async () => {
      await untouched('a read token', async () => {
        for (const operation of operations.filter((one) => !one.isOpen && !reading.test(nameOf(one)))) {
          const path = fill(operation.path, { id: unknownId, user: unknownId });
          const answer = await world.as.readToken.call<Problem>(operation.method, path, bodyOf(operation));
          assert.deepEqual([answer.status, answer.body.code], [403, 'DENIED'], `${nameOf(operation)}: ${said(answer)}`);
        }
      });
    });

    it('do not write with a token that reads at a plugin’s routes either', async () => {
      const ask = (visitor: Visitor, method: string): Promise<Answer<Problem>> =>
        world.as[visitor].call<Problem>(method, '/plugins/probe/x');
      assert.equal((await ask('readToken', 'GET')).status, 200);
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        assert.equal((await ask('readToken', method)).status, 403, method);
        assert.equal((await ask('writeToken', method)).status, 200, method);
        for (const visitor of out) assert.equal((await ask(visitor, method)).status, 401, `${visitor} ${method}`);
      }
    });
  });

  /** 404 for what one may not see, 403 for what one may not do. */
  const expected = (visitor: Visitor, owner: OwnerName, may: Rule, status: number): number => {
    if (out.includes(visitor)) return 401;
    if (may[owner].includes(visitor)) return status;
    return sees[owner].includes(visitor) || visitor === 'readToken' ? 403 : 404;
  };

  for (const kind of kinds) {
    describe(`to ${kind}`, () => {
      for (const owner of owners) {
        it(`of ${owner}: who sees it, alone and in the list`, async () => {
          for (const visitor of visitors) {
            const client = world.as[visitor];
            const path = pathOf[kind];
            const id = objects[kind][owner];
            const isSeen = sees[owner].includes(visitor);
            const one = await client.get<{ conf?: object }>(`${path}/${id}`);
            const status = out.includes(visitor) ? 401 : isSeen ? 200 : 404;
            assert.equal(one.status, status, `${visitor}: ${said(one)}`);
            const list = await client.get<{ items?: { id: string }[] }>(path);
            assert.equal(list.body.items?.some((item) => item.id === id) ?? false, isSeen, `${visitor}: list`);
          }
        });

        it(`of ${owner}: who reads its settings`, async () => {
          if (kind === 'software') return;
          for (const visitor of sees[owner]) {
            const { body }: Answer<{ conf: object }> = await world.as[visitor].get(
              `${pathOf[kind]}/${objects[kind][owner]}`,
            );
            const isShown = changes[owner].includes(visitor) || (visitor === 'readToken' && owner === 'user');
            assert.equal(Object.keys(body.conf).length > 0, isShown, `${visitor}: ${JSON.stringify(body)}`);
          }
        });

        it(`of ${owner}: who changes it`, async () => {
          const may = kind === 'software' ? changes : operates;
          for (const visitor of visitors) {
            const answer = await world.as[visitor].patch(`${pathOf[kind]}/${objects[kind][owner]}`, {
              name: `${kind} ${owner}`,
            });
            assert.equal(answer.status, expected(visitor, owner, may, 200), `${visitor}: ${said(answer)}`);
          }
        });

        it(`of ${owner}: who must not remove it`, async () => {
          await untouched('a removal', async () => {
            for (const visitor of visitors.filter((one) => !changes[owner].includes(one))) {
              const answer = await world.as[visitor].delete(`${pathOf[kind]}/${objects[kind][owner]}`);
              assert.equal(answer.status, expected(visitor, owner, changes, 204), `${visitor}: ${said(answer)}`);
            }
          });
        });

        it(`of ${owner}: who uses it`, async () => {
          const uri = {
            software: `/computing/${objects.computing.platform}/options?software=${objects.software[owner]}`,
            computing: `/computing/${objects.computing[owner]}/options`,
            storage: `/storages/${objects.storage[owner]}/files`,
          }[kind];
          for (const visitor of kind === 'storage' ? visitors : typical) {
            const answer = await world.as[visitor].get(uri);
            const status = out.includes(visitor)
              ? 401
              : uses[owner].includes(visitor)
                ? 200
                : sees[owner].includes(visitor)
                  ? 403
                  : 404;
            assert.equal(answer.status, status, `${visitor}: ${said(answer)}`);
          }
        });
      }
    });
  }

  describe('and the platform', () => {
    it('ends with nothing left', () => world.end());
  });
});
