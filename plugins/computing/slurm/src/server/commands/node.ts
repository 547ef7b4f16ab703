import { SteleError } from '@stele/sdk';
import { isNodeName } from '../grammar.ts';
import type { NodeNames } from '../scheduler.ts';

/** The question about one node. INVALID for what is no name. */
export function nodeQuestion(node: string): readonly string[] {
  if (isNodeName(node)) return ['scontrol', '--oneliner', 'show', 'node', node];
  throw new SteleError('INVALID', 'This is no name of a node.', { field: 'node' });
}

/** Reads the answer. Pure. PROTOCOL when it doesn't say where the node is. */
export function parseNode(text: string): NodeNames {
  const [, address = ''] = /\bNodeAddr=(\S+)/.exec(text) ?? [];
  const [, hostName = address] = /\bNodeHostName=(\S+)/.exec(text) ?? [];
  if (isNodeName(address) && isNodeName(hostName)) return { address, hostName };
  throw new SteleError('PROTOCOL', '“scontrol” didn’t say where the task’s node is.', { raw: text.slice(0, 4_096) });
}
