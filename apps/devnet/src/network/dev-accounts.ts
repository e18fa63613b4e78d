/** Which of the node's rich development accounts does what. */

/** Deploys the reserve and seeds the demo accounts. */
export const FOUNDER_INDEX = 0;
/** Gives on request; an account of its own, so that its nonces are its own. */
export const FAUCET_INDEX = 1;
