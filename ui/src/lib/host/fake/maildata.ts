import type { MailHour, MailLogRow } from "../../api/types";
import { HOUR, MINUTE, NOW } from "./data";

const OFFICE = "fabrikam.example";
export const SENDERS = [
  "orders@contoso.example",
  "plan@northwind.example",
  "support@adatum.example",
  "billing@wideworld.example",
  "board@litware.example",
];
export const SUBJECTS = [
  "PO 4471 confirmed",
  "Delivery slots",
  "Ticket 55102 updated",
  "Your November statement",
  "Minutes, Tuesday",
  "Re: Quote",
  "Site visit photos",
  "Order 1180 shipped",
];

export function mailLog(): MailLogRow[] {
  const people = [
    "jordan.larch",
    "kim.cedar",
    "robin.alder",
    "jon.larch",
    "warehouse",
    "nic.rowan",
    "office2",
    "lee.elm",
    "alex.hazel",
    "sales",
  ];
  return Array.from({ length: 240 }, (_, place) =>
    logRow(
      240 - place,
      NOW - (2 + place * 4 + (place % 3)) * MINUTE,
      people[place % people.length] ?? "kim.cedar",
      place,
    ),
  );
}

function refusal(asked: boolean, recipient: string, destination: string) {
  return {
    outcome: "refused" as const,
    reason: asked ? "user_unknown" : "marked_invalid",
    subject: null,
    size_bytes: null,
    duration_ms: 4,
    reply: "550 5.1.1 The recipient address is not known here",
    destination_reply: asked ? `550 5.1.1 <${recipient}>: User unknown` : null,
    destination: asked ? destination : null,
  };
}

export function logRow(id: number, at_ms: number, local: string, place: number): MailLogRow {
  const invalid = local === "jon.larch" || local === "office2";
  const wait = !invalid && place % 17 === 5;
  const recipient = `${local}@${OFFICE}`;
  const base = {
    id,
    at_ms,
    sender: invalid ? "promo@offers.example" : (SENDERS[place % SENDERS.length] ?? ""),
    recipient,
    client_ip: `203.0.113.${10 + (place % 40)}`,
    client_name: invalid ? "mail.offers.example" : "mx.contoso.example",
    destination: "mail.fabrikam.example:25",
    queue_id: null,
    message: `0K3ZQ7M4${String(id).padStart(4, "0")}`,
    direction: "inbound" as const,
    message_id: null,
    held: false,
    would_refuse: null,
    tls: place % 3 === 0 ? "TLSv1.3 TLS13_AES_256_GCM_SHA384" : null,
    recipients: 1,
    recipients_delivered: invalid || wait ? 0 : 1,
  };
  if (invalid) return { ...base, ...refusal(local === "office2", recipient, base.destination) };
  if (wait) {
    return {
      ...base,
      outcome: "deferred",
      reason: "deferred_by_server",
      subject: null,
      size_bytes: null,
      duration_ms: 61,
      reply: "451 4.2.0 The mail server asked to wait, try again later",
      destination_reply: "450 4.2.0 Greylisted, come back in 5 minutes",
    };
  }
  return {
    ...base,
    outcome: "delivered",
    reason: "delivered",
    subject: SUBJECTS[place % SUBJECTS.length] ?? null,
    size_bytes: 4200 + ((place * 977) % 90_000),
    duration_ms: 38 + (place % 50),
    reply: `250 2.0.0 Delivered as 1A${(4096 + id).toString(16).toUpperCase()}`,
    destination_reply: "250 2.6.0 Queued for delivery",
  };
}

const SHAPE = [39, 30, 22, 13, 9, 9, 7, 6, 5, 7, 4, 4, 4, 2, 4, 8, 16, 35, 47, 53, 44, 35, 43, 49];

export function hours(): MailHour[] {
  const start = new Date(NOW).setMinutes(0, 0, 0);
  return SHAPE.map((delivered, place) => ({
    start_ms: start - (23 - place) * HOUR,
    delivered,
    refused: [3, 4, 2, 3, 5, 2, 3, 2, 1, 4, 3, 5, 2, 3, 2, 3, 4, 6, 5, 3, 4, 6, 4, 5][place] ?? 2,
    deferred: place % 4 === 2 ? 3 : place % 5 === 0 ? 1 : 0,
    waiting: 0,
  }));
}
