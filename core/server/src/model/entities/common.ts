import { randomUUID } from 'node:crypto';
import { p } from '@mikro-orm/core';

/** Columns that most tables have. Each call makes new ones: a property belongs to one entity. */
export const id = () =>
  p
    .uuid()
    .primary()
    .onCreate(() => randomUUID());
export const createdAt = () => p.datetime().onCreate(() => new Date());
export const updatedAt = () =>
  p
    .datetime()
    .onCreate(() => new Date())
    .onUpdate(() => new Date());
