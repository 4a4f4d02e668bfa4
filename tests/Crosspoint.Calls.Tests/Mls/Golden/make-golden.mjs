// Makes the golden frames beside it, outside the repository:
// npm i ts-mls@1.6.4 @noble/hashes@2.3.0 @noble/ciphers@2.1.1 --legacy-peer-deps && node make-golden.mjs > ts-mls-1.6.4.json
import {
  acceptAll, createCommit, createGroup, createGroupInfoWithExternalPub, createGroupInfoWithExternalPubAndRatchetTree, createApplicationMessage,
  createProposal, decodeMlsMessage, defaultCapabilities, defaultLifetime, emptyPskIndex, encodeMlsMessage, generateKeyPackage, getCiphersuiteFromName,
  getCiphersuiteImpl, joinGroupExternal, processPublicMessage, zeroOutUint8Array,
} from "ts-mls";

const cs = await getCiphersuiteImpl(getCiphersuiteFromName("MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519"));
const hex = (b) => Buffer.from(b).toString("hex");
const out = [];
const kindOf = { add: 1, update: 2, remove: 3, psk: 4, reinit: 5, external_init: 6, group_context_extensions: 7 };

async function member(name) {
  const credential = { credentialType: "basic", identity: new TextEncoder().encode(JSON.stringify({ v: 1, sub: name, dev: "d-" + name })) };
  return { name, ...(await generateKeyPackage(credential, defaultCapabilities(), defaultLifetime, [], cs)) };
}

const message = (wireformat, body) => encodeMlsMessage({ version: "mls10", wireformat, ...body });

// What ts-mls itself reads from its bytes is what is expected.
function emitCommit(name, bytes) {
  const m = decodeMlsMessage(bytes, 0)[0].publicMessage.content;
  const proposals = m.commit.proposals.map((p) => ({ kind: kindOf[p.proposal.proposalType], leaf: p.proposal.remove?.removed ?? 0 }));
  out.push({ kind: "commit", name, hex: hex(bytes), groupId: hex(m.groupId), epoch: Number(m.epoch), sender: m.sender.senderType === "member" ? 1 : 4,
    leaf: m.sender.leafIndex ?? 0, proposals, path: m.commit.path !== undefined });
}

function emitInfo(name, bytes, state) {
  const g = decodeMlsMessage(bytes, 0)[0].groupInfo;
  const leaves = state === null ? [] : state.ratchetTree.flatMap((n, i) => n?.nodeType === "leaf"
    ? [{ index: i / 2, identity: new TextDecoder().decode(n.leaf.credential.identity), key: hex(n.leaf.signaturePublicKey) }] : []);
  out.push({ kind: "groupInfo", name, hex: hex(bytes), groupId: hex(g.groupContext.groupId), epoch: Number(g.groupContext.epoch), suite: 1,
    signer: g.signer, externalPub: g.extensions.some((e) => e.extensionType === "external_pub"), leaves });
}

async function infoOf(state) {
  return createGroupInfoWithExternalPubAndRatchetTree(state, [], cs);
}

const states = new Map();
const groupId = new TextEncoder().encode("room-1/1");
const alice = await member("alice");
states.set("alice", await createGroup(groupId, alice.publicPackage, alice.privatePackage, [], cs));

async function everyone(commit, except) {
  for (const [name, state] of states) {
    if (name !== except) states.set(name, (await processPublicMessage(state, commit, emptyPskIndex, cs, acceptAll)).newState);
  }
}

async function join(name, resyncOf) {
  const me = resyncOf ?? (await member(name));
  const from = [...states.keys()].find((n) => n !== name);
  const r = await joinGroupExternal(await infoOf(states.get(from)), me.publicPackage, me.privatePackage, resyncOf !== undefined, cs);
  const bytes = message("mls_public_message", { publicMessage: r.publicMessage });
  states.delete(name);
  await everyone(r.publicMessage);
  states.set(name, r.newState);
  emitCommit((resyncOf ? "resync " : "external join ") + name, bytes);
  emitInfo("after " + (resyncOf ? "resync " : "join ") + name, message("mls_group_info", { groupInfo: await infoOf(r.newState) }), r.newState);
  return me;
}

async function commit(name, label, extraProposals) {
  const r = await createCommit({ state: states.get(name), cipherSuite: cs }, { wireAsPublicMessage: true, ratchetTreeExtension: true, extraProposals });
  for (const p of extraProposals) {
    if (p.proposalType === "remove") states.delete([...states].find(([, s]) => s.privatePath.leafIndex === p.remove.removed)?.[0]);
  }
  const bytes = encodeMlsMessage(r.commit);
  await everyone(r.commit.publicMessage, name);
  states.set(name, r.newState);
  emitCommit(label, bytes);
  emitInfo("after " + label, message("mls_group_info", { groupInfo: await infoOf(r.newState) }), r.newState);
  return r;
}

emitInfo("alone", message("mls_group_info", { groupInfo: await infoOf(states.get("alice")) }), states.get("alice"));
const members = { alice };
for (const name of ["bob", "carol", "dave", "erin", "frank"]) members[name] = await join(name);
await commit("alice", "rekey cold", []);
await commit("carol", "rekey", []);
await commit("bob", "remove one", [{ proposalType: "remove", remove: { removed: states.get("dave").privatePath.leafIndex } }]);
await commit("erin", "remove two", ["alice", "carol"].map((n) => ({ proposalType: "remove", remove: { removed: states.get(n).privatePath.leafIndex } })));
await join("gwen");
await join("frank", members.frank);
const henry = await member("henry");
await commit("bob", "add", [{ proposalType: "add", add: { keyPackage: henry.publicPackage } }]);
emitInfo("external_pub without a tree", message("mls_group_info", { groupInfo: await createGroupInfoWithExternalPub(states.get("bob"), [], cs) }), null);

// What is not for us: the same library, other wire formats and contents.
const bob = states.get("bob");
const proposal = await createProposal(bob, true, { proposalType: "remove", remove: { removed: states.get("gwen").privatePath.leafIndex } }, cs);
out.push({ kind: "refused", name: "a proposal", hex: hex(encodeMlsMessage(proposal.message)), fault: "ContentType" });
const byReference = await createCommit({ state: proposal.newState, cipherSuite: cs }, { wireAsPublicMessage: true, ratchetTreeExtension: true });
out.push({ kind: "refused", name: "a commit by reference", hex: hex(encodeMlsMessage(byReference.commit)), fault: "ProposalByReference" });
const hidden = await createCommit({ state: bob, cipherSuite: cs }, { ratchetTreeExtension: true });
out.push({ kind: "refused", name: "a commit as PrivateMessage", hex: hex(encodeMlsMessage(hidden.commit)), fault: "WireFormat" });
process.stdout.write(JSON.stringify({ made: "by ts-mls 1.6.4 with the script beside this file, make-golden.mjs", frames: out }, null, 1) + "\n");
