/** The two halves of an address; a text without `@` is all local part. */
export interface AddressParts {
  local: string;
  domain: string;
}

export function partsOf(address: string): AddressParts {
  const at = address.lastIndexOf("@");
  return at < 0 ? { local: address, domain: "" } : { local: address.slice(0, at), domain: address.slice(at) };
}

/** What stands before the `@`: how people say the address. */
export function localOf(address: string): string {
  return partsOf(address).local;
}

/** First name and surname as one text, or null when neither is known. */
export function nameOf(names: { first_name: string | null; surname: string | null }): string | null {
  const text = [names.first_name, names.surname].filter((part) => part !== null && part !== "").join(" ");
  return text === "" ? null : text;
}

/** Two capitals for the round picture: of the names, else of the address. */
export function initialsOf(name: string | null, address: string): string {
  const words = (name ?? localOf(address).replaceAll(/[._-]+/g, " ")).split(" ").filter((word) => word !== "");
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]];
  return letters
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}

/** True for `kim@fabrikam.example`: one `@` with something on both sides, no spaces. The engine decides in the end. */
export function looksLikeAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());
}

/** True for `fabrikam.example`. */
export function looksLikeDomain(text: string): boolean {
  return /^(?=.{1,253}$)([\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u.test(text.trim());
}

/** True for an IPv4 or IPv6 address, loosely; the engine decides. */
export function looksLikeIp(text: string): boolean {
  const v4 = text.split(".");
  if (v4.length === 4) return v4.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return text.includes(":") && /^[0-9a-f:.]+$/i.test(text);
}

/** True for an address that only this computer reaches. */
export function isLoopback(ip: string): boolean {
  return ip.startsWith("127.") || ip === "::1";
}

/** True for an IP address or a network such as `10.0.4.0/24`, loosely; the engine decides. */
export function looksLikeNetwork(text: string): boolean {
  const [address = "", length, more] = text.split("/");
  return more === undefined && looksLikeIp(address) && (length === undefined || /^\d{1,3}$/.test(length));
}

/** A port number, or null when the text is none. */
export function portOf(text: string): number | null {
  const port = Number(text.trim());
  return /^\d+$/.test(text.trim()) && port >= 0 && port <= 65_535 ? port : null;
}
