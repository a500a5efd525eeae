/** What stands behind a refusal: its number in docs/replies.md, and whom to ask where the office names somebody. */
const explained = (number: number, contact: string) =>
  contact === "" ? ` (RC-${number})` : ` (RC-${number}); help: ${contact}`;

/** SMTP lines as the relay says them. They are protocol, not words: a test compares them with the engine's policy. */
export const replies = {
  unknown: (address: string, contact: string) =>
    `550 5.1.1 <${address}>: Recipient address rejected: User unknown${explained(104, contact)}`,
  closed: (address: string, contact: string) => `550 5.1.1 <${address}>: Invalid recipient${explained(107, contact)}`,
  waits: (address: string, contact: string) =>
    `451 4.7.1 <${address}>: New address, please retry in 30 minutes${explained(205, contact)}`,
  inactive: (address: string, contact: string) =>
    `550 5.2.1 <${address}>: Recipient address rejected: Mailbox is not active${explained(106, contact)}`,
};
