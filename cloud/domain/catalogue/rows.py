"""The table of archives: program with version and system, address, SHA-256, path of the executable, note.

An address is one on GitHub where it names no other place, "" where none is known. A row without a SHA-256 is
shown, so that people see why it cannot be installed. One of a single source has been seen in one public place
alone; the others in the author's own list or in two places that do not know each other. A third party's
rebuild is taken by that party's address alone.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_NO_SHA256: Final = "no SHA-256 is known: add it yourself where you know one"
_ONE_SOURCE: Final = "SHA-256 of one source"
_SEVEN_ZIP: Final = "an archive of the kind 7z, which cannot be unpacked here"
_PATH_UNVERIFIED: Final = f"the path of the executable was not verified; {_ONE_SOURCE}"


class Row(NamedTuple):
    """One archive. `name`: "xmrig 6.26.0 linux-x64"."""

    name: str
    address: str
    sha256: str
    executable: str
    note: str = ""


ROWS: Final = (
    Row(
        "xmrig 6.26.0 linux-x64",
        "xmrig/xmrig/releases/download/v6.26.0/xmrig-6.26.0-linux-static-x64.tar.gz",
        "fc6f8ae5f64e4f17481f7e3be29a1c56949f216a998414188003eae1db20c9e5",
        "xmrig-6.26.0/xmrig",
    ),
    Row(
        "xmrig 6.26.0 windows-x64",
        "xmrig/xmrig/releases/download/v6.26.0/xmrig-6.26.0-windows-x64.zip",
        "bba8097cb37d9b458a1cb1137876b27cde6740d17fe4ccbc086ba07d87d9e147",
        "xmrig-6.26.0/xmrig.exe",
    ),
    Row(
        "srbminer-multi 3.4.6 linux-x64",
        "doktor83/SRBMiner-Multi/releases/download/3.4.6/SRBMiner-Multi-3-4-6-Linux.tar.gz",
        "1a94444b943827040cc6047f1aad2f8f97d9bc38c229ee70f8c124a350133532",
        "SRBMiner-Multi-3-4-6/SRBMiner-MULTI",
    ),
    Row(
        "srbminer-multi 3.4.6 windows-x64",
        "doktor83/SRBMiner-Multi/releases/download/3.4.6/SRBMiner-Multi-3-4-6-win64.zip",
        "b409b0a3b4e7945e5c4bfd022c344213f89e1aff609149da410d99171867b878",
        "SRBMiner-Multi-3-4-6/SRBMiner-MULTI.exe",
        "zip holds WinRing0x64.sys; Defender flags it",
    ),
    Row(
        "srbminer-multi 3.5.6 linux-x64",
        "doktor83/SRBMiner-Multi/releases/download/3.5.6/SRBMiner-Multi-3-5-6-Linux.tar.gz",
        "9e28c43dc16e687a97e666643bd453f6f94432d132d3d8d21388ffda835f63fc",
        "SRBMiner-Multi-3-5-6/SRBMiner-MULTI",
        _ONE_SOURCE,
    ),
    Row(
        "srbminer-multi 3.5.6 windows-x64",
        "doktor83/SRBMiner-Multi/releases/download/3.5.6/SRBMiner-Multi-3-5-6-win64.zip",
        "de2c450019b7e10bd7a824e42d1ff28e3e87d559adca3c1f010ce9066470c6c1",
        "SRBMiner-Multi-3-5-6/SRBMiner-MULTI.exe",
        _ONE_SOURCE,
    ),
    Row(
        "srbminer-multi 3.6.9 linux-x64",
        "doktor83/SRBMiner-Multi/releases/download/3.6.9/SRBMiner-Multi-3-6-9-Linux.tar.gz",
        "",
        "SRBMiner-Multi-3-6-9/SRBMiner-MULTI",
        _NO_SHA256,
    ),
    Row(
        "lolminer 1.98a linux-x64",
        "Lolliedieb/lolMiner-releases/releases/download/1.98a/lolMiner_v1.98a_Lin64.tar.gz",
        "0b8078299654a12846e4967f1db3506409cfb8b1031687a910965d1a99c6f270",
        "1.98a/lolMiner",
    ),
    Row(
        "lolminer 1.98a windows-x64",
        "Lolliedieb/lolMiner-releases/releases/download/1.98a/lolMiner_v1.98a_Win64.zip",
        "f2bbda2d2255155d50935967b8c55105b9aeefbd27cda3e8d01beaf535a16762",
        "1.98a/lolMiner.exe",
    ),
    Row(
        "t-rex 0.26.8 linux-x64",
        "trexminer/T-Rex/releases/download/0.26.8/t-rex-0.26.8-linux.tar.gz",
        "7e77064a48b4c8cb8d4797f30a41b53efbb8311fc14475b56a8e6879ad1c0569",
        "t-rex",
    ),
    Row(
        "t-rex 0.26.8 windows-x64",
        "trexminer/T-Rex/releases/download/0.26.8/t-rex-0.26.8-win.zip",
        "207bfa95050e2ac1f16ceecd5891b93eda7bada2730b4e7172283d72f5ad2309",
        "t-rex.exe",
    ),
    Row(
        "teamredminer 0.10.21 linux-x64",
        "todxx/teamredminer/releases/download/v0.10.21/teamredminer-v0.10.21-linux.tgz",
        "3d5987bba0125150cbb47c49b5929ea579dca1ac3cae4b7a70e96c2c5f843836",
        "teamredminer-v0.10.21-linux/teamredminer",
    ),
    Row(
        "teamredminer 0.10.21 windows-x64",
        "todxx/teamredminer/releases/download/v0.10.21/teamredminer-v0.10.21-win.zip",
        "fdf3a18fb06213a9d0776cea4f2588cd33fcdd76044b3de4cd7a6e8289678af5",
        "teamredminer-v0.10.21-win/teamredminer.exe",
        _ONE_SOURCE,
    ),
    Row(
        "gminer 3.44 windows-x64",
        "develsoftware/GMinerRelease/releases/download/3.44/gminer_3_44_windows64.zip",
        "dfa02b289f555d7055342967b1d1c390f5c93108c2b73beee1853ce0281bbe04",
        "miner.exe",
        _ONE_SOURCE,
    ),
    Row(
        "gminer 3.44 linux-x64",
        "develsoftware/GMinerRelease/releases/download/3.44/gminer_3_44_linux64.tar.xz",
        "",
        "miner",
        _NO_SHA256,
    ),
    Row(
        "gminer 3.43 linux-x64",
        "develsoftware/GMinerRelease/releases/download/3.43/gminer_3_43_linux64.tar.xz",
        "bc787eb9b363d6ceda067f4dc58a4de7b953f304aeb9f2355ba330afe9209699",
        "miner",
        _ONE_SOURCE,
    ),
    Row(
        "gminer 3.43 windows-x64",
        "develsoftware/GMinerRelease/releases/download/3.43/gminer_3_43_windows64.zip",
        "2c9374ea4dc035116869cd4f9d8c9833dba607adb6bec63f0623b0f485df6cb8",
        "miner.exe",
        _ONE_SOURCE,
    ),
    Row(
        "bzminer 100.36 linux-x64",
        "bzminer/bzminer/releases/download/v100.36/bzminer_v100.36_linux.tar.gz",
        "8a665ddd7138a87b94cabba851cc6897e86c65bfcd8f0639ebcb99c1b7c3f889",
        "bzminer_v100.36_linux/bzminer",
        _ONE_SOURCE,
    ),
    Row(
        "bzminer 100.36 windows-x64",
        "bzminer/bzminer/releases/download/v100.36/bzminer_v100.36_windows.zip",
        "85b07dafea1e61a76711fcbd5ca06a4d3671698963283bd829a67f54060fdd49",
        "bzminer_v100.36_windows/bzminer.exe",
        "directory name inside the zip inferred from the Linux one; SHA-256 of one source",
    ),
    Row(
        "bzminer 24.0.2 linux-x64",
        "bzminer/bzminer/releases/download/v24.0.2/bzminer_v24.0.2_linux.tar.gz",
        "d861f0a4e89465e1ef91e833d98a934d03f85125f510d68411ad2410735a46bf",
        "bzminer_v24.0.2_linux/bzminer",
        _ONE_SOURCE,
    ),
    Row(
        "bzminer 24.0.2 windows-x64",
        "https://bzminer.com/downloads/bzminer_v24.0.2_windows.zip",
        "8f70af66f13f2e1a3d7e9d59990a5778db6f6f78f0e482cbf6b8c13e6ea2a954",
        "bzminer_v24.0.2_windows/bzminer.exe",
        _ONE_SOURCE,
    ),
    Row(
        "bzminer 100.45 linux-x64",
        "bzminer/bzminer/releases/download/v100.45/bzminer_v100.45_linux.tar.gz",
        "",
        "bzminer_v100.45_linux/bzminer",
        _NO_SHA256,
    ),
    Row(
        "rigel 1.23.2 linux-x64",
        "rigelminer/rigel/releases/download/1.23.2/rigel-1.23.2-linux.tar.gz",
        "eae492ffb64aeb4ab4ba7e66631567984a31d5adb1ef547bda6601aee1793f0d",
        "rigel-1.23.2-linux/rigel",
    ),
    Row(
        "rigel 1.23.2 windows-x64",
        "rigelminer/rigel/releases/download/1.23.2/rigel-1.23.2-win.zip",
        "0a35d37504e2595f2cd9bb25ae69eae39625be6f0ebbdbaf7427d4c381a7fd79",
        "rigel-1.23.2-win/rigel.exe",
    ),
    Row(
        "onezerominer 1.7.4 linux-x64",
        "OneZeroMiner/onezerominer/releases/download/v1.7.4/onezerominer-linux-1.7.4.tar.gz",
        "8db58dc5b94aa2ac6aaf0fac5783d51f56d9c5e016cc53eb0faca0ea6326e019",
        "onezerominer-linux/onezerominer",
        _ONE_SOURCE,
    ),
    Row(
        "onezerominer 1.7.4 windows-x64",
        "OneZeroMiner/onezerominer/releases/download/v1.7.4/onezerominer-win64-1.7.4.zip",
        "6854f46211f68875a23270702c24de0d7e4b5faa7c7c6898000ce21c64c68599",
        "onezerominer-win64/onezerominer.exe",
        "directory name inside the zip not verified; SHA-256 of one source",
    ),
    Row(
        "miniz 2.5e3 linux-x64",
        "miniZ-miner/miniZ/releases/download/v2.5e3/miniZ_v2.5e3_linux-x64.tar.gz",
        "873f011442df76b9aae541f3c1a385677f5ea75d94a41da08647a7e51f92ae30",
        "miniZ",
    ),
    Row(
        "miniz 2.5e3 windows-x64",
        "miniZ-miner/miniZ/releases/download/v2.5e3/miniZ_v2.5e3_win-x64.zip",
        "",
        "miniZ.exe",
        _NO_SHA256,
    ),
    Row(
        "wildrig-multi 0.51.2 linux-x64",
        "andru-kun/wildrig-multi/releases/download/0.51.2/wildrig-multi-linux-0.51.2.tar.gz",
        "da1463dcd3444687c7b29b1351e5bd2cb6b7fe204254f12cfac9796a17615c37",
        "wildrig-multi",
        _ONE_SOURCE,
    ),
    Row(
        "wildrig-multi 0.50.3 linux-x64",
        "andru-kun/wildrig-multi/releases/download/0.50.3/wildrig-multi-linux-0.50.3.tar.gz",
        "88186d34019600a82297237932bfaa2a5b4d88a3a818d21fd79e4a67c8b73ac3",
        "wildrig-multi",
        _ONE_SOURCE,
    ),
    Row(
        "wildrig-multi 0.50.3 windows-x64",
        "andru-kun/wildrig-multi/releases/download/0.50.3/wildrig-multi-windows-0.50.3.zip",
        "a2634e061e4e20b4826903a28a53bc5add8d7b1e6e1427a8ff8537d9f9231e27",
        "wildrig.exe",
        _ONE_SOURCE,
    ),
    Row(
        "wildrig-multi 0.49.6 linux-x64",
        "andru-kun/wildrig-multi/releases/download/0.49.6/wildrig-multi-linux-0.49.6.tar.gz",
        "43a4a412e0b36f0ce392854a8d45f192df35fa915d84061e90e73f9c77375a79",
        "wildrig-multi",
        _ONE_SOURCE,
    ),
    Row(
        "wildrig-multi 0.49.6 windows-x64",
        "andru-kun/wildrig-multi/releases/download/0.49.6/wildrig-multi-windows-0.49.6.zip",
        "e38cddc1aab862b98a60cc90938597736b68b2a225b5baa2c2ac99593bce44b0",
        "wildrig.exe",
        _ONE_SOURCE,
    ),
    Row(
        "cpuminer-opt 26.1 windows-x64",
        "JayDDee/cpuminer-opt/releases/download/v26.1/cpuminer-opt-26.1-windows.zip",
        "caf59deb12831e40475c5245a76bf42f9ba2ff620065be5386b80ec55c998e9c",
        "cpuminer-avx2.exe",
        "for processors with AVX2; the archive holds others",
    ),
    Row(
        "cpuminer-opt 26.1 linux-x64",
        "RainbowMiner/miner-binaries/releases/download/v26.1-jayddee/cpuminer-opt-26.1-focal-x64.7z",
        "",
        "",
        _SEVEN_ZIP,
    ),
    Row(
        "cpuminer-opt 5.0.46-rplant linux-x64",
        "RainbowMiner/miner-binaries/releases/download/v5.0.46-rplant/cpuminer-opt-linux-5.0.46u.tar.gz",
        "",
        "",
        "which executable is the right one depends on the processor: add it yourself",
    ),
    Row(
        "nanominer 3.10.0 linux-x64",
        "nanopool/nanominer/releases/download/v3.10.0/nanominer-linux-3.10.0.tar.gz",
        "9de50220ae44c7359e6e93bc62346134bbc095b422b75329077c0a05e3854db0",
        "nanominer",
        _PATH_UNVERIFIED,
    ),
    Row(
        "nanominer 3.10.0 windows-x64",
        "nanopool/nanominer/releases/download/v3.10.0/nanominer-windows-3.10.0.zip",
        "f886b42d5e913e6c74fcda3fa4fe0b3854d803401a55246c1d082229a6429b80",
        "nanominer.exe",
        _PATH_UNVERIFIED,
    ),
    Row(
        "tt-miner 2024.3.2 linux-x64",
        "RainbowMiner/miner-binaries/releases/download/v2024.3.2-ttminer/TT-Miner-2024.3.2.tar.gz",
        "ba7de3a8ce72aef239f3c044fc41495858a84316fb74a564a44fc76c1d57a4c4",
        "TT-Miner",
        _ONE_SOURCE,
    ),
    Row(
        "tt-miner 2024.3.2 windows-x64",
        "RainbowMiner/miner-binaries/releases/download/v2024.3.2-ttminer/TT-Miner-2024.3.2.zip",
        "370d098df8de43ce0323358d8ea16a6adb760604fc26c15477f7ee3e94a2fa09",
        "TT-Miner.exe",
        _ONE_SOURCE,
    ),
    Row(
        "teamblackminer 2.44 linux-x64",
        "",
        "",
        "TBMiner",
        "no address is known",
    ),
    Row(
        "ccminer 3.8.3-verus-cpu linux-x64",
        "RainbowMiner/miner-binaries/releases/download/v3.8.3-ccminerverus/ccminerverus22-3.8.3cpu-linux.7z",
        "",
        "ccminer",
        _SEVEN_ZIP,
    ),
    Row(
        "ccminer 3.8.3-verus-cpu windows-x64",
        "RainbowMiner/miner-binaries/releases/download/v3.8.3-ccminerverus/ccminerverus22-3.8.3cpu-win.7z",
        "",
        "ccminer.exe",
        _SEVEN_ZIP,
    ),
    Row(
        "ccminer 2.3.1-tpruvot windows-x64",
        "RainbowMiner/miner-binaries/releases/download/v2.3.1-tpruvot/ccminer-2.3.1-cuda10.1.7z",
        "",
        "ccminer-x64.exe",
        _SEVEN_ZIP,
    ),
)
