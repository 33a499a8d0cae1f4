// Shows pictures before they are sent, and says at once when they are too many or too big. The page works without it.

for (const input of document.querySelectorAll("input[type=file]")) {
  const previews = input.parentElement.querySelector(".previews");
  input.addEventListener("change", () => {
    // What is too much together may be put right at any of them.
    for (const each of picturesOf(input.form)) each.setCustomValidity(complaint(each));
    input.reportValidity();
    show(previews, [...input.files]);
  });
}

// A second tap on a slow line would only be told that it came too late.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

function picturesOf(form) {
  return [...form.querySelectorAll("input[type=file]")];
}

function complaint(input) {
  const { most, tooMany, each, tooBig, together, tooMuch } = input.dataset;
  if (input.files.length > Number(most)) return tooMany;
  if ([...input.files].some((file) => megabytes(file) > Number(each))) return tooBig;
  const all = picturesOf(input.form).flatMap((other) => [...other.files].map(megabytes));
  return input.files.length && all.reduce((sum, size) => sum + size, 0) > Number(together) ? tooMuch : "";
}

function megabytes(file) {
  return file.size / 1024 / 1024;
}

function show(previews, files) {
  for (const image of previews.children) URL.revokeObjectURL(image.src);
  previews.replaceChildren(...files.map(preview));
  previews.hidden = !files.length;
}

function preview(file) {
  const image = document.createElement("img");
  image.src = URL.createObjectURL(file);
  image.alt = file.name;
  return image;
}
