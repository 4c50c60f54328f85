/** `README.txt` of every record: the same words, since its bytes are part of what all agree to. */
export const readmeText = `The record of a mission
=======================

All parties got this file with the same bytes. Compare its SHA-512:

    sha512sum RECORD.tar

To read it: unpack it, open reader.html in a browser (no network is needed), and
give it this file and your key file with its passphrase or your key card.
Without keys, messages and files stay sealed; who took part and what was decided
can be read by everybody.

To check it with our program, which trusts nobody:

    npm run verify -- RECORD.tar

To check it with stock tools, for each file below swarms/:

    git clone swarms/NAME.bundle checkout
    cd checkout
    git fsck --strict
    git -c gpg.ssh.allowedSignersFile=../allowed_signers log --show-signature --all

What is in it
-------------

manifest.json     what belongs to the record: commits by a Merkle root, files by hash
status.json       what the commits mean: who belongs, who was removed, what is hidden
swarms/           the mission and each conversation as a git bundle
files/            files that were shared, sealed, named by their SHA-512
receipts/         what the box said that it had taken, and when by its clock
allowed_signers   the public keys that signed, for git
reader.html       the reader

What it proves
--------------

Each commit was signed by the device that it names. Nobody can change or leave
out one that another builds on. What status.json says follows from the commits
by public rules; anybody can work it out again. Git alone does not know these
rules: it proves who signed, not who was allowed to.

What it does not prove
----------------------

Times are claims. That a device never wrote anything else cannot be proven, only
that every party found in here what it had. Whoever had a key could read with it,
and may have kept a copy.
`;
