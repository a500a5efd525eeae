import type { TruthWord } from "../api/types";

const verdicts: Record<TruthWord, string> = {
  rejects_strangers: "Knows who exists",
  accepts_everything: "Says yes to every address",
  undecided: "Asked us to wait",
};

const meanings: Record<TruthWord, string> = {
  rejects_strangers: "It refuses made-up addresses, so Rollcall can trust its word.",
  accepts_everything: "Its yes means nothing, so Rollcall can’t learn from its word alone.",
  undecided: "It hasn’t said yet whether a made-up address exists. Rollcall asks again by itself.",
};

/** Settings, Mail server: what the server is found to be. */
export const truth = {
  verdicts,
  meanings,
  untested: "Not tested yet",
  untestedText: "Rollcall asks it about two made-up addresses. No mail is sent.",
  decidesLate: "Refuses only after the whole message",
  decidesLateText: "Mail has shown it. Rollcall sends it one unknown address at a time.",
  bouncesLater: "Sends unknown addresses’ mail back later",
  bouncesLaterText: "A bounce has shown it. Its yes means nothing; its bounces do.",
  tested: (time: string) => `tested ${time}`,
  testNow: "Test now",
  testing: "Testing",
  replies: "Its last replies",
  began: (domain: string) => `The mail server of ${domain} says yes to everyone now. Nobody was added.`,
  ended: (domain: string) => `The mail server of ${domain} refuses made-up addresses again.`,
};
