import zipfile

from kernels.model_files.text_in_pickle import text_in_pickle


def text_in_zip(archive: zipfile.ZipFile) -> str | None:
    """The manifest in an archive that torch wrote: an extra file, or an item of a checkpoint."""
    names = archive.namelist()
    root = names[0].partition("/")[0] if names else ""
    extra, pickle = f"{root}/extra/procdsl.json", f"{root}/data.pkl"
    inside = extra if {f"{root}/constants.pkl", f"{root}/archive_format"} & set(names) else pickle
    if names.count(inside) > 1:
        raise ValueError(f"{inside} stands twice in it")
    if inside not in names:
        return None
    size, most = archive.getinfo(inside).file_size, 8_000_000 if inside == extra else 32_000_000
    if size > most:
        raise ValueError(f"{inside} has {size:,} bytes, more than the {most:,} that are read")
    data = archive.read(inside)
    return data.decode() if inside == extra else text_in_pickle(data)
