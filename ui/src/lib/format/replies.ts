/** SMTP lines as the relay says them. They are protocol, not words: a test compares them with the engine's policy. */
export const replies = {
  unknown: (address: string) => `550 5.1.1 <${address}>: Recipient address rejected: User unknown`,
  closed: (address: string) => `550 5.1.1 <${address}>: Invalid recipient`,
  waits: (address: string) => `451 4.7.1 <${address}>: New address, please retry in 30 minutes`,
  inactive: (address: string) => `550 5.2.1 <${address}>: Recipient address rejected: Mailbox is not active`,
};
