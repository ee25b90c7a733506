"""De-identify the headers of DICOM images by the standard's confidentiality profile."""
