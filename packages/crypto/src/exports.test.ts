import { expect, it } from 'vitest';
import * as browser from './browser.ts';
import * as pure from './index.ts';
import * as node from './node.ts';

it('exports these names and no others', () => {
  const names = { pure, node, browser };
  expect(
    Object.fromEntries(Object.entries(names).map(([name, all]) => [name, Object.keys(all).sort()])),
  ).toMatchInlineSnapshot(`
    {
      "browser": [
        "createBrowserEngine",
      ],
      "node": [
        "createNodeEngine",
        "createNodeSecp256k1Signer",
        "createNodeVotingSigner",
      ],
      "pure": [
        "addressOfPublicKey",
        "assertValidVotingKey",
        "assertValidVotingKeys",
        "checkNewRound",
        "checkOrder",
        "checkPromises",
        "checkProposal",
        "createPortableEngine",
        "createSecp256k1Signer",
        "createVerificationContext",
        "createVotingSigner",
        "parseTempoSignature",
        "serializeTempoSignature",
        "signAsDriver",
        "signCommit",
        "signNewRound",
        "signPromise",
        "signProposal",
        "signVote",
        "verifyCommit",
        "verifyCommitCertificate",
        "verifyEvidence",
        "verifyNewRound",
        "verifyPayerSignature",
        "verifyPromise",
        "verifyPromises",
        "verifyProposal",
        "verifyProvenPromise",
        "verifyQuorumCertificate",
        "verifySignedOrder",
        "verifyStatement",
        "verifyVote",
      ],
    }
  `);
});
