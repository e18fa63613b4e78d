import base from './playwright.config.ts';

/** `npm run screenshots`: the pictures of the documents, taken from a running devnet. */
export default { ...base, testDir: './screenshots', outputDir: '../test-results/screenshots' };
