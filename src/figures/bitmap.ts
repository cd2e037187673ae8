/**
 * A picture in colour as a PNG that stands in the figure's own JSON. Its pixels are stored, not compressed: figures are
 * made on web pages, too, which have no zlib to be called without waiting, and pictures here are small.
 */

const crcTable: Uint32Array = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

const crc32 = (bytes: readonly number[]): number =>
  ~bytes.reduce((crc, byte) => crcTable[(crc ^ byte) & 255] ^ (crc >>> 8), ~0) >>> 0;

/** The checksum of zlib's format (RFC 1950, section 9). */
function adler32(bytes: readonly number[]): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}

const bigEndian = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
const littleEndian16 = (value: number): number[] => [value & 255, value >>> 8];

function chunk(type: string, data: readonly number[]): number[] {
  const body = [...Array.from(type, (letter) => letter.charCodeAt(0)), ...data];
  return [...bigEndian(data.length), ...body, ...bigEndian(crc32(body))];
}

/** zlib's format with blocks that are stored as they are (RFC 1951, section 3.2.4). */
function stored(bytes: readonly number[]): number[] {
  const result = [0x78, 0x01];
  for (let from = 0; from < bytes.length; from += 65535) {
    const block = bytes.slice(from, from + 65535);
    const isLast = from + block.length === bytes.length;
    result.push(isLast ? 1 : 0, ...littleEndian16(block.length), ...littleEndian16(~block.length & 0xffff));
    for (const byte of block) result.push(byte);
  }
  return [...result, ...bigEndian(adler32(bytes))];
}

/** RGB bytes, row by row, as the data URI of a PNG (PNG specification, sections 5 and 11). */
export function pngUri(width: number, height: number, rgb: ArrayLike<number>): string {
  const rows: number[] = [];
  for (let y = 0; y < height; y++) {
    rows.push(0); // the row's filter: none
    for (let k = 0; k < 3 * width; k++) rows.push(rgb[3 * width * y + k]);
  }
  const bytes = [
    ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ...chunk("IHDR", [...bigEndian(width), ...bigEndian(height), 8, 2, 0, 0, 0]), // 8 bits a channel, RGB
    ...chunk("IDAT", stored(rows)),
    ...chunk("IEND", []),
  ];
  return `data:image/png;base64,${btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""))}`;
}
