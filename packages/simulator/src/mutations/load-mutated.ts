import { registerHooks } from 'node:module';
import { workerData } from 'node:worker_threads';
import { applyEdit, type Mutation, urlOf } from './mutation.ts';

/**
 * Loaded before anything else in a worker: source files come out of the loader with the mutation's edits in them. The
 * files themselves, and every other thread, stay as they are.
 */

const { edits } = workerData as Mutation;

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const own = edits.filter((edit) => urlOf(edit) === url);
    if (own.length === 0) return loaded;
    if (loaded.source === undefined || loaded.source === null) throw new Error(`${url} comes without a source`);
    const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source);
    return { ...loaded, source: own.reduce(applyEdit, source) };
  },
});
